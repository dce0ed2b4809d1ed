import type { Decoded } from '@afstatsd/core';
import { type Report, describe, nameProblem } from '@afstatsd/core/instrument';

/** Checks which samples of metrics can be recorded, and reports the others. */
export class SampleChecks {
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  /** The number of a metric's samples that can be recorded. A metric without any gets no place. */
  acceptable(metric: Decoded): number {
    switch (metric.type) {
      case 'counter': {
        const isGood = isWithin(metric.value / metric.rate, Number.MAX_SAFE_INTEGER);
        return this.#accepts(isGood, metric, metric.value) * (metric.samples ?? 1);
      }
      case 'gauge': {
        const isGood = isWithin(metric.value, Number.MAX_VALUE);
        return this.#accepts(isGood, metric, metric.value) * (metric.samples ?? 1);
      }
      case 'timer': {
        const weight = 1 / metric.rate;
        if (!(weight >= 1 && weight <= Number.MAX_SAFE_INTEGER))
          return this.#accepts(false, metric, metric.rate);
        let count = 0;
        for (const value of metric.values)
          count += this.#accepts(isWithin(value, Number.MAX_VALUE), metric, value);
        return Math.round(count * weight);
      }
      case 'set': {
        let count = 0;
        for (const member of metric.members) {
          count += this.#accepts(nameProblem(member) === undefined, metric, member);
        }
        return count;
      }
    }
  }

  #accepts(isGood: boolean, { type, name }: Decoded, value: unknown): number {
    if (isGood) return 1;
    this.#report.once(
      `rejected ${type}`,
      () => `the value of ${describe(name)} can't be ${describe(value)}: refused`,
      name,
    );
    return 0;
  }
}

/** Whether a value is a number whose magnitude is at most `limit`. */
export function isWithin(value: number, limit: number): boolean {
  return value >= -limit && value <= limit;
}
