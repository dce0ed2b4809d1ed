import type { CounterRecord, GaugeRecord } from './record.js';

/** A counter or a gauge that was found once, so that its samples need no look for it. */
export interface BoundMetric {
  /**
   * Records what samples have added to the counter, or the gauge's value. Never throws.
   *
   * @returns False if it can't: the metric was let go, or the value has to be looked at. Then nothing was recorded.
   */
  record(value: number, samples: number): boolean;
}

/** Records samples of a record that was found. */
type Take = (record: CounterRecord | GaugeRecord, value: number, samples: number) => boolean;

/** A record that was found, and how it takes samples. */
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
