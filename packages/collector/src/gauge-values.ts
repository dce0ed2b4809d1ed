import type { Decoded } from '@afstatsd/core';

type Gauge = Extract<Decoded, { type: 'gauge' }>;

/**
 * The last value of every gauge, so that a relative one (`+5|g`) is made absolute once, for all outputs alike: an output
 * lets go of a gauge that has been idle for a while, and one that was added later has never seen its value.
 */
export class GaugeValues {
  /** The most gauges that are remembered; past that those that were touched longest ago are forgotten. */
  limit: number;
  readonly #values = new Map<string, number>();

  constructor(limit: number) {
    this.limit = limit;
  }

  /** The gauge with the value that it has now. A gauge that isn't known begins at 0. */
  resolve(gauge: Gauge): Gauge {
    const { type, name, tags, signed } = gauge;
    const key = tags === undefined ? name : JSON.stringify([name, tags.map(String).sort()]);
    // Tags are DogStatsD's, where a sign is nothing but a sign.
    const relative = signed === true && tags === undefined;
    const sum = relative ? (this.#values.get(key) ?? 0) + gauge.value : gauge.value;
    // A sum that runs over is no value.
    const value = Number.isFinite(sum) ? sum : gauge.value;
    this.#remember(key, value);
    return signed === true ? { type, name, ...(tags === undefined ? {} : { tags }), value } : gauge;
  }

  #remember(key: string, value: number): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    while (this.#values.size > this.limit) this.#values.delete(this.#values.keys().next().value!);
  }
}
