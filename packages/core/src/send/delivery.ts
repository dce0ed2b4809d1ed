import type { Ledger } from '../account/ledger.js';
import type { Report } from '../account/report.js';
import type { MetricView } from '../metric/view.js';
import { type Channel, NOTHING, type Offer, type OfferState } from '../transport/transport.js';
import type { Batch, Naming } from '../wire/format.js';
import type { Announcements } from './announcements.js';
import type { ClientReports } from './client-reports.js';
import { FoldingWatch } from './folding.js';
import type { GaugeRepeats } from './gauge-repeats.js';
import type { Outbox } from './outbox.js';
import type { SingleLines } from './single-lines.js';

/** The parts that send data without a new sample. */
export interface Unasked {
  readonly announcements: Announcements;
  readonly repeats: GaugeRepeats;
  readonly reports: ClientReports;
  readonly lines: SingleLines;
}

/**
 * Offers metrics to the channel. Each step is synchronous. It offers one message, and clears exactly the metrics that were taken.
 * Other metrics stay, and go on aggregating.
 */
export class Delivery {
  readonly #outbox: Outbox;
  readonly #ledger: Ledger;
  readonly #report: Report;
  readonly #folding: FoldingWatch;
  readonly #announcements: Announcements;
  readonly #repeats: GaugeRepeats;
  readonly #reports: ClientReports;
  readonly #lines: SingleLines;
  #repeatsGauges = false;
  /** Whether the client ends, so that remainders of rounding can't wait for a later message. */
  isLast = false;
  #naming: Naming = { prefix: '', tags: [], origin: [], ascii: true };

  constructor(
    outbox: Outbox,
    { announcements, repeats, reports, lines }: Unasked,
    ledger: Ledger,
    report: Report,
  ) {
    this.#outbox = outbox;
    this.#announcements = announcements;
    this.#repeats = repeats;
    this.#reports = reports;
    this.#lines = lines;
    this.#ledger = ledger;
    this.#report = report;
    this.#folding = new FoldingWatch(report);
  }

  apply(settings: { readonly naming: Naming }): void {
    this.#naming = settings.naming;
  }

  /** Called when a flush begins. */
  begin(): void {
    this.#folding.begin();
    this.#announcements.begin();
    this.#outbox.beginRun();
  }

  /** Called when the receiver has gone. */
  lose(): void {
    this.#announcements.lose();
  }

  /** Whether a run has nothing to do. */
  get isDone(): boolean {
    return this.#outbox.isRunDone && !this.#repeats.isDue && this.#lines.isEmpty;
  }

  /** Adds counters that the receiver doesn't know yet to the run, and gauges to repeat. */
  announce(channel: Channel): void {
    try {
      this.#repeatsGauges = this.#repeats.isHeardBy(channel);
      const metrics = [...this.#announcements.next(channel), ...this.#repeats.take(this.#repeatsGauges)];
      if (metrics.length > 0) this.#outbox.announce(metrics);
    } catch (error) {
      this.#report.transportFailed(error);
    }
  }

  /** Sends a report to our collector, after all of the run has left. */
  tellCollector(channel: Channel): void {
    this.#reports.send(channel, this.isLast, this.#naming);
  }

  /** Whether finished lines wait, such as events. */
  get hasLines(): boolean {
    return !this.#lines.isEmpty;
  }

  /** Sends finished lines, such as events. Its result is like that of `step`. */
  sendLines(channel: Channel): { readonly state: OfferState; readonly wait?: number } {
    return this.#lines.send(channel, (one) => this.#waitFor(one));
  }

  /** Offers one message. If there is no room, `wait` is the time until there is, in ms, if the channel knows it. */
  step(channel: Channel): { readonly state: OfferState; readonly wait?: number } {
    const wait = this.#waitFor(channel);
    if (wait > 0) return { state: 'full', wait };
    const outbox = this.#outbox;
    const { run, from } = outbox;
    const batch = this.#batch(run);
    if (this.isLast && outbox.isRemainderNext && !this.#keepsFraction(channel, run[from]!, batch)) {
      return this.#roundOff(run[from]!);
    }
    const offer = this.#offer(channel, batch, from);
    const taken = run.slice(from, from + offer.taken);
    for (const metric of taken) {
      this.#reports.left(channel, metric);
      this.#ledger.sent += this.#take(channel, metric, batch);
    }
    if (offer.values > 0) this.#reports.left(channel, run[from + offer.taken]!);
    if (offer.values > 0) this.#ledger.sent += outbox.takeValues(offer.values);
    if (outbox.isRunDone) this.#announcements.confirm();
    // Last, because a warning calls the app's logger, which may do anything, also change the transport.
    if (channel.foldsTags === true) this.#folding.left(taken, this.#naming);
    if (offer.state === 'oversize' && !outbox.isRunDone) this.#dropOversize();
    return offer;
  }

  /** Offers a single call in a message of its own. */
  sendAlone(channel: Channel, view: MetricView): boolean {
    if (this.#waitFor(channel) > 0) return false;
    const { taken } = this.#offer(channel, this.#batch([view]), 0);
    this.#ledger.sent += taken;
    return taken > 0;
  }

  /** Gives up all pending samples, because the process or the client ends. */
  abandon(): void {
    this.begin();
    while (!this.#outbox.isRunDone) this.#ledger.dropped.ended += this.#outbox.takeNext();
    this.#outbox.endRun();
    this.#lines.abandon();
  }

  /** Returns the channel's answer. An implausible answer counts as a refusal, because a transport may be foreign code. */
  #offer(channel: Channel, batch: Batch, from: number): Offer {
    const { metrics } = batch;
    try {
      const offer = channel.offer(batch, from);
      const { taken, values, state } = offer;
      const left = metrics.length - from;
      const next = metrics[from + taken];
      const plausible =
        taken >= 0 && taken <= left && (values === 0 || (values > 0 && next !== undefined && 'from' in next));
      if (plausible && (state !== 'ok' || taken + values > 0)) return offer;
      throw new Error(`it took ${taken} of ${left} metrics and ${values} values, and said ${state}`);
    } catch (error) {
      this.#report.transportFailed(error);
      return NOTHING.unavailable;
    }
  }

  #batch(metrics: readonly MetricView[]): Batch {
    return { metrics, naming: this.#naming, isLast: this.isLast, repeatsGauges: this.#repeatsGauges };
  }

  /** Clears the run's next item, which has left. Returns the number of its samples. */
  #take(channel: Channel, metric: MetricView, batch: Batch): number {
    // Most sums are whole numbers, so the channel needn't be asked.
    if (metric.kind !== 'counter' || metric.value === metric.whole) return this.#outbox.takeNext();
    if (this.#keepsFraction(channel, metric, batch)) return this.#outbox.takeNext();
    if (!this.isLast) return this.#outbox.takeWhole();
    this.#ledger.roundedOff += Math.abs(metric.value - metric.whole);
    return this.#outbox.takeNext();
  }

  /** Gives up the remainder of a counter, because it rounds to 0. */
  #roundOff(counter: MetricView): Offer {
    if (counter.kind === 'counter') this.#ledger.roundedOff += Math.abs(counter.value);
    this.#outbox.takeNext();
    return { taken: 1, values: 0, state: 'ok' };
  }

  #keepsFraction(channel: Channel, counter: MetricView, batch: Batch): boolean {
    try {
      return counter.kind === 'counter' && channel.keepsFraction?.(counter, batch) === true;
    } catch (error) {
      this.#report.transportFailed(error);
      return false;
    }
  }

  #waitFor(channel: Channel): number {
    try {
      return channel.wait?.() ?? 0;
    } catch (error) {
      this.#report.transportFailed(error);
      return 0; // no wait: the offer itself shows whether the channel works
    }
  }

  #dropOversize(): void {
    const item = this.#outbox.run[this.#outbox.from]!;
    this.#ledger.dropped.oversize += this.#outbox.takeNext();
    this.#report.once(
      'oversize',
      () => `${item.kind} ${item.name} doesn't fit a message of this transport, and is dropped`,
    );
  }
}
