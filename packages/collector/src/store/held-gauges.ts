import type { AggregateView, Decoded, Logger } from '@afstatsd/core';
import { Aggregator, type AggregatorCounts } from '@afstatsd/core/instrument';
import { type ExpiryTimes, MISSED_REPEATS } from '@afstatsd/prometheus/parts';

type GaugeView = AggregateView & { kind: 'gauge' };

/** The collector's own gauges. `--expire` doesn't remove them. */
const OWN = /^afstatsd\.collector\./;

/** Gauges with their values. A gauge stays after a period, until it expires. */
export class HeldGauges {
  readonly #gauges: Aggregator;
  readonly #expire: number | undefined;
  readonly #now: () => number;
  readonly #touched = new WeakMap<GaugeView, { calls: number; at: number }>();

  /** @param now - a clock in ms that never goes back. */
  constructor(options: { maxMetrics: number; expire: ExpiryTimes; logger: Logger; now: () => number }) {
    const { maxMetrics, logger } = options;
    this.#expire = options.expire.gauge;
    this.#now = options.now;
    this.#gauges = new Aggregator({ maxMetrics, logger });
  }

  ingest(gauge: Decoded & { type: 'gauge' }): void {
    // The time at which it was set is left out, because a gauge that is repeated holds now.
    const { type, name, tags, value, every, change, samples } = gauge;
    this.#gauges.ingest({
      type,
      name,
      ...(tags && { tags }),
      value,
      ...(every && { every }),
      ...(change !== undefined && { change }),
      ...(samples !== undefined && { samples }),
    });
  }

  /**
   * Hands over every gauge, one in a step. Expired gauges are removed instead.
   *
   * @param write - Gets a gauge, and the number of its samples since the last call of `take`.
   */
  *take(write: (gauge: GaugeView, samples: number) => void): Generator<void> {
    const now = this.#now();
    const expired = new Set<AggregateView>();
    for (const view of this.#gauges.views()) {
      const gauge = view as GaugeView;
      const before = this.#touched.get(gauge);
      const samples = gauge.calls - (before?.calls ?? 0);
      if (samples === 0 && before !== undefined && now - before.at >= this.#longest(gauge)) {
        expired.add(gauge);
        continue;
      }
      if (before === undefined || samples > 0) this.#touched.set(gauge, { calls: gauge.calls, at: now });
      write(gauge, samples);
      yield;
    }
    if (expired.size > 0) this.#gauges.forget((view) => expired.has(view) && this.#isUntouched(view));
  }

  get counts(): AggregatorCounts {
    return this.#gauges.counts;
  }

  /** Whether a gauge is still idle. It may have been set since it was looked at. */
  #isUntouched(view: AggregateView): boolean {
    const gauge = view as GaugeView;
    return this.#touched.get(gauge)?.calls === gauge.calls && this.#touched.delete(gauge);
  }

  /** The longest time that a gauge stays without a sample, in ms. */
  #longest({ name, repeatedEvery }: GaugeView): number {
    const expire = OWN.test(name) ? Infinity : (this.#expire ?? Infinity);
    return repeatedEvery ? Math.min(expire, MISSED_REPEATS * repeatedEvery * 1000) : expire;
  }
}
