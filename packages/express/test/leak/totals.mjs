import { NullTransport } from '@afstatsd/core';

/** Sends nothing, and keeps of everything its total only: however much is recorded, it stays small. */
export class Totals extends NullTransport {
  /** By name and tags: the sums of counters, and how many calls timers had. */
  counts = {};
  /** The last values of gauges, and the greatest. */
  gauges = {};
  greatest = {};

  get all() {
    const { counts, gauges, greatest } = this;
    return { counts, gauges, greatest };
  }

  offer(batch, from) {
    const offer = super.offer(batch, from);
    for (const metric of batch.metrics.slice(from, from + offer.taken)) this.#add(metric);
    return offer;
  }

  #add({ kind, name, tags, whole, value, samples }) {
    if (kind === 'gauge') {
      this.gauges[name] = value;
      this.greatest[name] = Math.max(this.greatest[name] ?? 0, value);
      return;
    }
    const key = [name, ...tags.map((tag) => tag.at(-1))].join(' ');
    this.counts[key] = (this.counts[key] ?? 0) + (kind === 'counter' ? whole : callsOf(samples));
  }
}

/** Each value stands for one call, and each of those beyond the exact ones for 1 / rate. */
function callsOf({ length, exact, rate }) {
  return Math.round(exact + (length - exact) / rate);
}
