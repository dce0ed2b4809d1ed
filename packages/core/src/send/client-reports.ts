import type { Report } from '../account/report.js';
import type { Channel } from '../transport/transport.js';
import type { MetricView } from '../metric/view.js';
import { type ClientReport, clientReportLine } from '../wire/client-report.js';
import type { Naming } from '../wire/format.js';
import { Exemplars } from './exemplars.js';

/**
 * The minimum time between two reports, in ms. Each flush of the interval has a report, but not each sample that is sent by
 * itself.
 */
const EVERY_MS = 500;

export interface ClientReportsParts {
  /** The report of now. Undefined if the app wants no telemetry. */
  readonly read: () => ClientReport | undefined;
  /** The report of now, also if the app wants no telemetry, because exemplars are sent with it. */
  readonly identify: () => ClientReport;
  /** A monotonic clock, in ms. */
  readonly now: () => number;
}

/**
 * Reports the counts of this client's samples to our collector after a flush. So the collector can show who sends, and how
 * complete its numbers are. Other receivers get no reports. Without room a report is left out, because the next one has its
 * numbers, too.
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

  /** Keeps the exemplar of a metric for our collector, if it has one. Called when the metric or a part of it has left. */
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
   * Sends a report, if its numbers have changed and it is time.
   *
   * @param isLast - Whether the client ends, so that no later report comes.
   * @param naming - The prefix and tags that exemplars get.
   */
  send(channel: Channel, isLast: boolean, naming: Naming): void {
    try {
      const now = this.#parts.now();
      if ((now < this.#next && !isLast) || !readsReports(channel)) return;
      if (!this.#exemplars.isEmpty && this.#exemplars.send(channel, this.#parts.identify(), naming)) {
        this.#said = ''; // the report with exemplars has no warnings, so a full one must follow
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

/** Whether the receiver takes reports. An app may have chosen a format without service checks, and then gets only that format. */
function readsReports(channel: Channel): boolean {
  return channel.leadsToCollector?.() === true && channel.readsEvents?.() === true;
}
