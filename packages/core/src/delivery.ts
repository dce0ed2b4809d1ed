import { describe } from './describe.js';
import type { Ledger } from './ledger.js';
import type { Metric } from './metric/metric.js';
import type { MetricView } from './metric/view.js';
import { SealedSet, SealedTimer } from './metric/sealed.js';
import type { UniqueSet } from './metric/set.js';
import type { Timer } from './metric/timer.js';
import type { Registry } from './registry.js';
import type { Report } from './report.js';
import { type Channel, NOTHING, type Offer, type OfferState } from './transport/transport.js';
import { foldedName } from './wire/fold.js';
import type { Naming } from './wire/format.js';

/** Gauges with tags that are compared in a flush: enough to find what is wrong, and no burden. */
const MOST_FOLDED = 1000;

type Item = Metric | SealedTimer | SealedSet;

/**
 * Metrics on their way out. Each step offers one message's worth of them, and clears exactly what was taken, in one
 * synchronous step; what wasn't stays as it is and goes on aggregating.
 */
export class Delivery {
  naming: Naming = { prefix: '', tags: [], ascii: true };
  readonly #registry: Registry;
  readonly #ledger: Ledger;
  readonly #report: Report;
  #items: Item[] = [];
  #from = 0;
  /** Names of gauges with tags that have left in this flush. */
  readonly #folded = new Set<string>();

  constructor(registry: Registry, ledger: Ledger, report: Report) {
    this.#registry = registry;
    this.#ledger = ledger;
    this.#report = report;
  }

  get done(): boolean {
    return this.#from >= this.#items.length;
  }

  /** Samples that haven't left: those of metrics on their way, and those that wait in the registry. */
  get pending(): number {
    let calls = this.#registry.pending;
    for (let at = this.#from; at < this.#items.length; at++) calls += this.#items[at]!.calls;
    return calls;
  }

  /** Takes over the metrics that are dirty now. A sealed one that is left from before stays first. */
  load(): void {
    this.putBack();
    this.#folded.clear();
    const dirty = this.#registry.takeDirty();
    this.#items = this.#items.length === 0 ? dirty : this.#items.concat(dirty);
  }

  /** Gives the metrics back to the registry, but for a sealed one, which is nobody else's. */
  putBack(): void {
    const rest = this.#items;
    let at = this.#from;
    this.#from = 0;
    this.#items = [];
    for (; at < rest.length; at++) {
      const item = rest[at]!;
      if (isSealed(item)) this.#items.push(item);
      else this.#registry.markDirty(item);
    }
  }

  /** Offers one message. When it is refused, `wait` says in how many ms there will be room, if the channel knows. */
  step(channel: Channel): { readonly state: OfferState; readonly wait?: number } {
    const wait = this.#waitFor(channel);
    if (wait > 0) return { state: 'full', wait };
    const offer = this.#offer(channel, this.#items as MetricView[], this.#from);
    const taken = (this.#items as MetricView[]).slice(this.#from, this.#from + offer.taken);
    for (let left = offer.taken; left > 0; left--) this.#ledger.sent += this.#items[this.#from++]!.clear();
    if (offer.values > 0) {
      const item = this.#items[this.#from]!;
      const sealed = isSealed(item) ? item : (item as Timer | UniqueSet).seal();
      this.#items[this.#from] = sealed;
      this.#ledger.sent += sealed.advance(offer.values);
    }
    // Last: people who are told of something may do anything, also change the transport.
    if (channel.foldsTags === true) this.#noteFolding(taken);
    if (offer.state === 'oversize' && !this.done) this.#dropOversize();
    return offer;
  }

  /** Offers a single call in a message of its own. */
  sendAlone(channel: Channel, view: MetricView): boolean {
    if (this.#waitFor(channel) > 0) return false;
    const { taken } = this.#offer(channel, [view], 0);
    this.#ledger.sent += taken;
    return taken > 0;
  }

  /** Gives up what hasn't left: the process, or the client, ends. */
  abandon(): void {
    this.load();
    while (!this.done) this.#ledger.dropped.ended += this.#items[this.#from++]!.clear();
    this.putBack();
  }

  /** What the channel answers; an answer that makes no sense counts as a refusal, since transports can be anybody's. */
  #offer(channel: Channel, metrics: readonly MetricView[], from: number): Offer {
    const batch = { metrics, naming: this.naming };
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

  #waitFor(channel: Channel): number {
    try {
      return channel.wait?.() ?? 0;
    } catch (error) {
      this.#report.transportFailed(error);
      return 0; // the offer itself will show
    }
  }

  /** Warns of two gauges that come out as one name: counters add up at the receiver, but of gauges the last one wins. */
  #noteFolding(taken: readonly MetricView[]): void {
    for (const metric of taken) {
      if (metric.kind !== 'gauge' || metric.tags.length === 0 || this.#folded.size >= MOST_FOLDED) continue;
      const name = foldedName(metric, this.naming);
      if (this.#folded.has(name)) {
        this.#report.once(
          'folding',
          () =>
            `two gauges with different tags come out as ${describe(name)}, where tags are written into names: the last one wins`,
        );
      }
      this.#folded.add(name);
    }
  }

  #dropOversize(): void {
    const item = this.#items[this.#from++]!;
    this.#ledger.dropped.oversize += item.clear();
    this.#report.once(
      'oversize',
      () => `${item.kind} ${item.name} doesn't fit a message of this transport, and is dropped`,
    );
  }
}

function isSealed(item: Item): item is SealedTimer | SealedSet {
  return item instanceof SealedTimer || item instanceof SealedSet;
}
