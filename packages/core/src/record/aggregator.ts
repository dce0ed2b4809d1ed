import { type Balance, Ledger } from '../account/ledger.js';
import { type Logger, Report } from '../account/report.js';
import { SURROUNDINGS, type Surroundings } from '../host/surroundings.js';
import type { Gauge } from '../metric/gauge.js';
import type { Metric } from '../metric/metric.js';
import type { AggregateView } from '../metric/view.js';
import type { Decoded } from '../wire/decoded.js';
import { Ingest } from './ingest.js';
import { Intake } from './intake.js';
import { LIMITS } from './limits.js';
import { Registry } from './registry.js';
import { type Scope, rootScope } from './scope.js';

/** The limits of an aggregator, and who hears of what goes wrong. */
export interface AggregatorOptions {
  /** At most so many distinct metrics live at once; samples of further names are dropped and counted. Default 10,000. */
  readonly maxMetrics?: number;
  /** Values that a timer keeps as they are; past that it counts them in buckets. Also the most members of a set. Default 1024. */
  readonly maxSamples?: number;
  /** Hears one line per kind of problem. Default: `process.emitWarning`. */
  readonly logger?: Logger;
}

/** Counts of an aggregator: what became of its samples, and how many metrics it has. */
export interface AggregatorCounts extends Balance {
  /** Metrics that are alive. */
  readonly metrics: number;
}

/** What a client does with its metrics, beyond adding them up. */
interface Hooks {
  readonly surroundings: Surroundings;
  /** Called with each metric that has its first sample since it was cleared. */
  readonly touched: (metric: Metric) => void;
  /** Called with a gauge that its client has repeated, after it has left from here. */
  readonly repeated: (gauge: Gauge) => void;
}

/** Metrics stay until they are taken. */
const ALONE: Hooks = { surroundings: SURROUNDINGS, touched: () => {}, repeated: () => {} };

/**
 * Adds up metrics that `decode` has read, for a program that shows or stores them. It is the part of a `StatsdClient` below
 * sending: it has no timer, no transport and no listener, and no environment variable changes it.
 *
 * @example
 * ```js
 * const { decode } = require('@afstatsd/core');
 * const { Aggregator } = require('@afstatsd/core/instrument');
 * const aggregator = new Aggregator({ maxMetrics: 1_000 });
 * for (const metric of decode('hits:3|c::hits:4|c').metrics) aggregator.ingest(metric);
 * const show = ({ name, value }, samples) => console.log(name, value, samples); // hits 7 2
 * for (const step of aggregator.take(show)) void step;
 * ```
 */
export class Aggregator {
  /** @internal */
  readonly ledger: Ledger = new Ledger();
  /** @internal */
  readonly report: Report = new Report();
  /** @internal */
  readonly registry: Registry;
  /** @internal */
  readonly intake: Intake;
  readonly #ingest: Ingest;
  readonly #scope: Scope;

  /** Makes one without metrics. */
  constructor(options?: AggregatorOptions);
  /** @internal */
  constructor(options: AggregatorOptions, hooks: Hooks);
  constructor(
    { maxMetrics = LIMITS.maxMetrics, maxSamples = LIMITS.maxSamples, logger }: AggregatorOptions = {},
    { surroundings, touched, repeated }: Hooks = ALONE,
  ) {
    this.report.logger = logger;
    this.registry = new Registry(this.ledger, this.report, surroundings, touched);
    this.registry.apply({ maxMetrics, maxSamples, rules: undefined, exemplars: false });
    this.intake = new Intake(this.registry, this.ledger, this.report);
    this.#ingest = new Ingest(this.registry, this.intake, repeated);
    this.#scope = rootScope(this.registry);
  }

  /**
   * Records a metric that `decode` has read, as `StatsdClient.ingest` does.
   *
   * @returns The metric, one of `views()`, if this is its first sample, also after it was let go; else undefined.
   */
  ingest(metric: Decoded): AggregateView | undefined {
    return this.ingestIn(this.#scope, metric);
  }

  /** @internal */
  ingestIn(scope: Scope, metric: Decoded): AggregateView | undefined {
    return this.#ingest.record(scope, metric);
  }

  /** Every metric that is alive, as it stands. The views are the metrics themselves, and change with them. */
  views(): Iterable<AggregateView> {
    return this.registry.views();
  }

  /**
   * Hands over each metric that has samples, and clears it, in one synchronous step of the generator. Between two steps the
   * caller may let others work; a sample that comes then counts in this round or in the next one. At the end, metrics are let
   * go that had no sample for ten rounds.
   *
   * @param write - Gets a metric, and the number of its samples. When it throws, the metric keeps them.
   */
  *take(write: (metric: AggregateView, samples: number) => void): Generator<void> {
    for (const metric of this.registry.views()) {
      if (metric.calls === 0) continue;
      write(metric, metric.calls);
      this.ledger.sent += metric.clear();
      yield;
    }
    this.registry.sweep();
  }

  /**
   * Lets go of metrics: one that comes later begins at 0, and is new to `ingest`. The samples that it had count as sent.
   *
   * @param isChosen - Says of each of `views()` whether it is to go.
   * @returns The metrics that went.
   */
  forget(isChosen: (metric: AggregateView) => boolean): ReadonlySet<object> {
    const { metrics, samples } = this.registry.forget(isChosen);
    this.ledger.sent += samples;
    return metrics;
  }

  /** Gives up the samples that wait to be taken. They count as dropped, because the program ends. */
  abandon(): void {
    for (const metric of this.registry.views()) this.ledger.dropped.ended += metric.clear();
  }

  /** What became of every sample so far. `sent` are those that were taken. */
  get counts(): AggregatorCounts {
    let pending = 0;
    for (const { calls } of this.registry.views()) pending += calls;
    return { ...this.ledger.balance(pending), metrics: this.registry.size };
  }
}
