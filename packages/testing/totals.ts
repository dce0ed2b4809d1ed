import { type Decoded, decode } from '@afstatsd/core';

/** What messages say together: sums of counters, last values of gauges, counts and values of timers, members of sets. */
export class Totals {
  readonly counters: Map<string, number> = new Map();
  readonly gauges: Map<string, number> = new Map();
  /** Per timer: the number of calls that its values stand for, and the values. */
  readonly timers: Map<string, { count: number; values: number[] }> = new Map();
  readonly sets: Map<string, Set<string>> = new Map();

  static of(texts: Iterable<string>): Totals {
    const totals = new Totals();
    for (const text of texts) totals.add(text);
    return totals;
  }

  /** @throws Error for a text of which a part can't be read. */
  add(text: string): this {
    const { metrics, bad } = decode(text);
    if (bad.length > 0)
      throw new Error(`not readable: ${JSON.stringify(bad)} in ${JSON.stringify(text.slice(0, 200))}`);
    for (const metric of metrics) this.#addOne(metric);
    return this;
  }

  #addOne(metric: Decoded): void {
    const name = nameOf(metric);
    switch (metric.type) {
      case 'counter':
        this.counters.set(name, (this.counters.get(name) ?? 0) + metric.value / metric.rate);
        return;
      case 'gauge':
        this.gauges.set(name, metric.value);
        return;
      case 'timer': {
        const timer = this.timers.get(name) ?? { count: 0, values: [] };
        timer.count += metric.values.length / metric.rate;
        timer.values.push(...metric.values);
        this.timers.set(name, timer);
        return;
      }
      case 'set':
        this.sets.set(name, new Set([...(this.sets.get(name) ?? []), ...metric.members]));
    }
  }
}

/** Its name, and its tags behind it if the format has them: `orders#method:card,region:eu`. */
function nameOf({ name, tags = [] }: Decoded): string {
  return tags.length === 0 ? name : `${name}#${tags.map(([key, value]) => `${key}:${value}`).join()}`;
}
