import { type AggregateView, type Decoded, type Logger, StatsdClient, type Transport } from '@afstatsd/core';
import { DistinctCounts, Handover } from './distinct-counts.js';
import type { ExpiryTimes } from '../config/expiry.js';
import { IdleSeries } from './idle-series.js';
import { type SeriesKind, kindOf } from './naming.js';

/** A transport that never opens, so that nothing is ever cleared: counters and timers are totals. */
const NEVER: Transport = {
  open: () => undefined,
  close: () => {},
  stats: () => ({ state: 'closed', detail: 'kept as totals', messages: 0, bytes: 0, full: 0 }),
};

/** A set counts that far within its window. */
const MAX_MEMBERS = 16_384;

export interface RecordingOptions {
  /** At most so many metrics; decrements, sets, and values of unknown unit each have that many places of their own. */
  readonly maxMetrics?: number | undefined;
  readonly logger?: Logger | undefined;
  /** Metrics that are let go when they had no sample for a time. Default: none but gauges that aren't repeated any more. */
  readonly expire?: ExpiryTimes | undefined;
  /** A clock in ms that never goes back, by which that is. Default `performance.now`. */
  readonly now?: (() => number) | undefined;
}

/** One metric, as it stands. */
export interface Recorded {
  readonly kind: SeriesKind;
  readonly view: AggregateView;
  /** Of a set, how many members; of others 0. */
  readonly members: number;
}

/** What an output has recorded since it began, in registries of core. */
export class Recording {
  /** When it began, in ms since 1970. */
  readonly began: number = Date.now();
  readonly sets: DistinctCounts;
  readonly #metrics: StatsdClient;
  readonly #decrements: StatsdClient;
  readonly #histograms: StatsdClient;
  readonly #sets: StatsdClient;
  readonly #idle: IdleSeries;
  #looks: NodeJS.Timeout | undefined;

  constructor({ maxMetrics, logger, expire = {}, now = () => performance.now() }: RecordingOptions) {
    const client = (transport: Transport, maxSamples?: number): StatsdClient =>
      new StatsdClient({
        transport,
        interval: Infinity, // they flush when they are told, if at all
        handleSignals: false,
        // Not by the environment, which is for apps.
        enabled: true,
        prefix: '',
        tags: {},
        ...(maxSamples === undefined ? {} : { maxSamples }),
        ...(maxMetrics === undefined ? {} : { maxMetrics }),
        ...(logger === undefined ? {} : { logger }),
      });
    const handover = new Handover();
    this.#metrics = client(NEVER);
    this.#decrements = client(NEVER);
    this.#histograms = client(NEVER);
    this.#sets = client(handover, MAX_MEMBERS);
    this.sets = new DistinctCounts(this.#sets, handover);
    this.#idle = new IdleSeries(this.#clients, expire, now);
  }

  /** Returns the metric, if this is its first sample. */
  ingest(metric: Decoded): AggregateView | undefined {
    switch (kindOf(metric)) {
      case 'set':
        return this.#sets.ingest(metric);
      case 'histogram':
        return this.#histograms.ingest(metric);
      case 'decrements': {
        const { value } = metric as Decoded & { type: 'counter' };
        return this.#decrements.ingest({ ...metric, value: -value } as Decoded);
      }
      case 'gauge':
        return this.#metrics.ingest(metric.type === 'gauge' && metric.every ? asHeardNow(metric) : metric);
      default:
        return this.#metrics.ingest(metric);
    }
  }

  /**
   * Begins to let go of idle metrics.
   *
   * @param onGone - Called with each metric that goes. When one of its name and tags comes again, it is a new one.
   */
  start(onGone: (view: AggregateView) => void): void {
    clearInterval(this.#looks);
    this.#looks = setInterval(() => this.#idle.letGo(onGone), this.#idle.period).unref();
  }

  /** Every metric. */
  *all(): Generator<Recorded> {
    for (const view of this.#metrics.views()) yield { kind: view.kind, view, members: 0 };
    for (const view of this.#decrements.views()) yield { kind: 'decrements', view, members: 0 };
    for (const view of this.#histograms.views()) yield { kind: 'histogram', view, members: 0 };
    for (const view of this.#sets.views()) {
      if (view.kind === 'set') yield { kind: 'set', view, members: this.sets.count(view) };
    }
  }

  /** Samples so far, and those for whose metrics there was no room. */
  get counts(): { recorded: number; dropped: number } {
    let [recorded, dropped] = [-this.sets.restored, 0];
    for (const client of this.#clients) {
      const stats = client.stats();
      recorded += stats.recorded;
      dropped += stats.dropped.cardinality;
    }
    return { recorded, dropped };
  }

  /** Ends it; what comes later is refused. */
  async close(): Promise<void> {
    clearInterval(this.#looks);
    await Promise.all(this.#clients.map((client) => client.shutdown({ timeout: 0 })));
  }

  get #clients(): StatsdClient[] {
    return [this.#metrics, this.#decrements, this.#histograms, this.#sets];
  }
}

/** A repeat says that the value holds now, so it counts as set now, whenever that was. */
function asHeardNow({ type, name, tags, value, every }: Decoded & { type: 'gauge' }): Decoded {
  return { type, name, ...(tags && { tags }), value, ...(every && { every }) };
}
