import type { CounterRecord, GaugeRecord } from './record.js';

/** A counter or a gauge that was found once, so that further samples need no look-up. */
export interface BoundMetric {
  /**
   * Records the sum of a counter's samples, or a gauge's value. Never throws.
   *
   * @returns False if nothing was recorded, because the metric was removed, or the value has to be checked.
   */
  record(value: number, samples: number): boolean;
}

/** Records samples of a record that was found. */
type Take = (record: CounterRecord | GaugeRecord, value: number, samples: number) => boolean;

/** A record that was found, and the function by which it takes samples. */
export class BoundRecord implements BoundMetric {
  readonly #record: CounterRecord | GaugeRecord;
  readonly #take: Take;

  constructor(record: CounterRecord | GaugeRecord, take: Take) {
    this.#record = record;
    this.#take = take;
  }

  record(value: number, samples: number): boolean {
    return this.#take(this.#record, value, samples);
  }
}
