import type { Decoded } from '@afstatsd/core';
import type { KnownGauge } from './gauge-values.js';
import type { Output } from './output/output.js';
import type { BoundMetric } from '@afstatsd/prometheus/parts';
import type { Receiver } from './receiver.js';
import type { RuledMetrics } from './ruled-metrics.js';

/** A known counter or gauge, with its places in the outputs. These are found once, so that samples need no further object. */
export class KnownMetric {
  readonly #metric: Decoded & { type: 'counter' | 'gauge' };
  readonly #receiver: Receiver;
  /** The outputs and the rules for which `#bound` was found. */
  #outputs: readonly Output[] = [];
  #rules: RuledMetrics | undefined;
  #bound: (BoundMetric | undefined)[] = [];
  #gauge: KnownGauge | undefined;

  constructor(metric: Decoded & { type: 'counter' | 'gauge' }, receiver: Receiver) {
    this.#metric = metric;
    this.#receiver = receiver;
  }

  /**
   * Hands samples on.
   *
   * @param value - the sum of a counter's samples, or a gauge's last value, which is no change.
   */
  take(value: number, samples: number): void {
    const { outputs, rules } = this.#receiver;
    if (outputs !== this.#outputs || rules !== this.#rules) {
      this.#outputs = outputs;
      this.#rules = rules;
      // The array has its length from the start, because a growing array takes room for 17 items.
      this.#bound = new Array<BoundMetric | undefined>(outputs.length);
    }
    if (this.#metric.type === 'gauge' && !this.#setGauge(value, samples)) return;
    let metric: Decoded | undefined;
    for (let at = 0; at < outputs.length; at++) {
      if (this.#bound[at]?.record(value, samples) === true) continue;
      metric ??= this.#ruled(value, samples);
      if (metric === undefined) return;
      outputs[at]!.ingest(metric);
      this.#bound[at] = outputs[at]!.bind?.(metric);
    }
  }

  /** Sets the gauge. Returns false if the receiver had to resolve it, and has handed it on. */
  #setGauge(value: number, samples: number): boolean {
    const { gauges } = this.#receiver;
    if (this.#gauge !== undefined && gauges.set(this.#gauge, value)) return true;
    const gauge = this.#made(value, samples) as Decoded & { type: 'gauge' };
    this.#receiver.takeKnown(gauge);
    this.#gauge = gauges.find(gauge);
    return false;
  }

  /** The metric after the rules. Undefined if they deny it. */
  #ruled(value: number, samples: number): Decoded | undefined {
    const metric = this.#made(value, samples);
    return this.#rules === undefined ? metric : this.#rules.apply(metric);
  }

  #made(value: number, samples: number): Decoded {
    const { type, name, tags } = this.#metric;
    if (type === 'gauge')
      return tags === undefined ? { type, name, value, samples } : { type, name, tags, value, samples };
    return tags === undefined
      ? { type, name, value, rate: 1, samples }
      : { type, name, tags, value, rate: 1, samples };
  }
}
