import type { Report } from '../account/report.js';
import type { Channel } from '../transport/transport.js';
import type { MetricView } from '../metric/view.js';
import { type ClientReport, clientReportLine } from '../wire/client-report.js';
import type { Naming } from '../wire/format.js';
import { Exemplars } from './exemplars.js';

/** Between two reports, in ms. So each flush of the interval has one, and not each sample that is sent by itself. */
const EVERY_MS = 500;

export interface ClientReportsParts {
  /** What is to be reported now; undefined: nothing, because the app wants no telemetry. */
  readonly read: () => ClientReport | undefined;
  /** The same whether or not the app wants telemetry: exemplars travel with it. */
  readonly identify: () => ClientReport;
  /** Milliseconds of a clock that nobody can set. */
  readonly now: () => number;
}

/**
 * Tells our collector after a flush what became of this client's samples, so that it can say who sends, and how complete its
 * numbers are. Other receivers hear nothing of it. A report that finds no room is left out: the next one has its numbers, too.
 */
export class ClientReports {
  readonly #parts: ClientReportsParts;
  readonly #problems: Report;
  readonly #exemplars = new Exemplars();
  #next = -Infinity;
  #said = '';

  constructor(parts: ClientReportsParts, problems: Report) {
    this.#parts = parts;
    this.#problems = problems;
  }

  /** A metric has left, or a part of it. Its exemplar, if it has one, is kept for our collector. */
  left(channel: Channel, metric: MetricView): void {
    if (metric.kind !== 'timer' || metric.exemplar === undefined) return;
    try {
      if (readsReports(channel) && channel.sendEvent !== undefined)
        this.#exemplars.note(metric, metric.exemplar);
    } catch (error) {
      this.#problems.transportFailed(error);
    }
  }

  /**
   * Reports, if something has changed and it is time.
   *
   * @param isLast - Whether the client ends, so that there is no later time.
   * @param naming - What is added to names and tags of exemplars.
   */
  send(channel: Channel, isLast: boolean, naming: Naming): void {
    try {
      const now = this.#parts.now();
      if ((now < this.#next && !isLast) || !readsReports(channel)) return;
      if (!this.#exemplars.isEmpty && this.#exemplars.send(channel, this.#parts.identify(), naming)) {
        this.#said = ''; // the last report that was heard has no warnings
        this.#next = now + EVERY_MS;
      }
      const report = this.#parts.read();
      if (report === undefined) return;
      const line = clientReportLine(report);
      if (line === this.#said) return;
      let state = channel.sendEvent?.(line);
      const short = { ...report, warnings: [] };
      if (state === 'oversize') state = channel.sendEvent?.(clientReportLine(short));
      if (state === 'oversize') state = channel.sendEvent?.(clientReportLine({ ...short, findings: [] }));
      if (state !== 'ok') return;
      this.#said = line;
      this.#next = now + EVERY_MS;
    } catch (error) {
      this.#problems.transportFailed(error);
    }
  }
}

/** An app that has chosen a format without service checks gets lines of that format only. */
function readsReports(channel: Channel): boolean {
  return channel.leadsToCollector?.() === true && channel.readsEvents?.() === true;
}
