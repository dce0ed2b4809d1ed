import type { AggregateView, Decoded, Logger, StatsdClient, Transport } from '@afstatsd/core';
import { type ExpiryTimes, MISSED_REPEATS } from '@afstatsd/prometheus/parts';
import { ownClient } from '../record/own-client.js';

type GaugeView = AggregateView & { kind: 'gauge' };

/** A gauge as it stands. */
export interface HeldGauge {
  readonly gauge: GaugeView;
  /** The samples that it has had since it was taken before. */
  readonly samples: number;
}

/** Never opens, so gauges stay. */
const NEVER: Transport = {
  open: () => undefined,
  close: () => {},
  stats: () => ({ state: 'closed', detail: 'kept', messages: 0, bytes: 0, full: 0 }),
};

/** The collector's own gauges stay, whatever `--expire` says. */
const OWN = /^afstatsd\.collector\./;

/** Gauges, each with the value that holds until it is set again, or let go. */
export class HeldGauges {
  readonly #client: StatsdClient;
  readonly #expire: number | undefined;
  readonly #now: () => number;
  readonly #touched = new WeakMap<GaugeView, { calls: number; at: number }>();

  /** @param now - in ms, a clock that never goes back. */
  constructor(options: { maxMetrics: number; expire: ExpiryTimes; logger: Logger; now: () => number }) {
    const { maxMetrics, logger } = options;
    this.#expire = options.expire.gauge;
    this.#now = options.now;
    this.#client = ownClient({ transport: NEVER, interval: Infinity, maxMetrics, logger });
  }

  ingest(gauge: Decoded & { type: 'gauge' }): void {
    // The time at which it was set doesn't matter: a gauge that is repeated holds now.
    const { type, name, tags, value, every, change, samples } = gauge;
    this.#client.ingest({
      type,
      name,
      ...(tags && { tags }),
      value,
      ...(every && { every }),
      ...(change !== undefined && { change }),
      ...(samples !== undefined && { samples }),
    });
  }

  /** Every gauge that holds, one by one. Gauges that have expired are let go. */
  *take(): Generator<HeldGauge> {
    const now = this.#now();
    const expired = new Set<AggregateView>();
    for (const view of this.#client.views()) {
      const gauge = view as GaugeView;
      const before = this.#touched.get(gauge);
      const samples = gauge.calls - (before?.calls ?? 0);
      if (samples === 0 && before !== undefined && now - before.at >= this.#longest(gauge)) {
        expired.add(gauge);
        continue;
      }
      if (before === undefined || samples > 0) this.#touched.set(gauge, { calls: gauge.calls, at: now });
      yield { gauge, samples };
    }
    if (expired.size > 0) this.#client.forget((view) => expired.has(view) && this.#isUntouched(view));
  }

  get stats(): ReturnType<StatsdClient['stats']> {
    return this.#client.stats();
  }

  async close(): Promise<void> {
    await this.#client.shutdown({ timeout: 0 });
  }

  /** A gauge may have been set since it was looked at. */
  #isUntouched(view: AggregateView): boolean {
    const gauge = view as GaugeView;
    return this.#touched.get(gauge)?.calls === gauge.calls && this.#touched.delete(gauge);
  }

  /** How long a gauge may stay without a sample, in ms. */
  #longest({ name, repeatedEvery }: GaugeView): number {
    const expire = OWN.test(name) ? Infinity : (this.#expire ?? Infinity);
    return repeatedEvery ? Math.min(expire, MISSED_REPEATS * repeatedEvery * 1000) : expire;
  }
}
