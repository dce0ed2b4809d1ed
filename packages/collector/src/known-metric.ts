import type { Decoded } from '@afstatsd/core';
import type { KnownGauge } from './gauge-values.js';
import type { Output } from './output/output.js';
import type { BoundMetric } from '@afstatsd/prometheus/parts';
import type { Receiver } from './receiver.js';
import type { RuledMetrics } from './ruled-metrics.js';

/** A counter or a gauge that comes again and again, with what its samples go to: found once, so that nothing is made for them. */
export class KnownMetric {
  readonly #metric: Decoded & { type: 'counter' | 'gauge' };
  readonly #receiver: Receiver;
  /** The outputs of `#bound`, and the rules by which they were found. */
  #outputs: readonly Output[] = [];
  #rules: RuledMetrics | undefined;
  #bound: (BoundMetric | undefined)[] = [];
  #gauge: KnownGauge | undefined;

  constructor(metric: Decoded & { type: 'counter' | 'gauge' }, receiver: Receiver) {
    this.#metric = metric;
    this.#receiver = receiver;
  }

  /**
   * Hands on so many samples.
   *
   * @param value - what they have added to the counter; or the gauge's last value, which is no change.
   */
  take(value: number, samples: number): void {
    const { outputs, rules } = this.#receiver;
    if (outputs !== this.#outputs || rules !== this.#rules) {
      this.#outputs = outputs;
      this.#rules = rules;
      // Of that length from the start, because an array that grows takes room for 17.
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

  /** False: it was resolved, and handed on, as it was found to be. */
  #setGauge(value: number, samples: number): boolean {
    const { gauges } = this.#receiver;
    if (this.#gauge !== undefined && gauges.set(this.#gauge, value)) return true;
    const gauge = this.#made(value, samples) as Decoded & { type: 'gauge' };
    this.#receiver.takeKnown(gauge);
    this.#gauge = gauges.find(gauge);
    return false;
  }

  /** Undefined: the rules deny it. */
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
