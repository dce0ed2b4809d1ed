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

/** The limits of an aggregator, and its logger. */
export interface AggregatorOptions {
  /** The maximum number of distinct metrics at a time. Samples of further metrics are dropped and counted. Default: 10,000. */
  readonly maxMetrics?: number;
  /**
   * How many values a timer keeps unchanged. More are counted in buckets. Also the maximum number of members of a set. Default:
   * 1024.
   */
  readonly maxSamples?: number;
  /** Gets one line per kind of problem. Default: `process.emitWarning`. */
  readonly logger?: Logger;
}

/** Counts of an aggregator's samples and metrics. */
export interface AggregatorCounts extends Balance {
  /** Metrics that the aggregator holds now. */
  readonly metrics: number;
}

/** Functions of a client that sends its metrics. */
interface Hooks {
  readonly surroundings: Surroundings;
  /** Called with each metric that has its first sample since it was cleared. */
  readonly touched: (metric: Metric) => void;
  /** Called with a gauge that its client has repeated, if this process has sent the value already. */
  readonly repeated: (gauge: Gauge) => void;
}

/** The functions of an aggregator without a client. Metrics stay until they are taken. */
const ALONE: Hooks = { surroundings: SURROUNDINGS, touched: () => {}, repeated: () => {} };

/**
 * Adds up metrics that `decode` has read, for a program that shows or stores them. It is a `StatsdClient` without the part that
 * sends. It has no timer, no transport and no listener, and it reads no environment variable.
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

  /** Makes an aggregator without metrics. */
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
   * @returns The metric, which is one of `views()`, if this is its first sample or the first after it was let go. Else undefined.
   */
  ingest(metric: Decoded): AggregateView | undefined {
    return this.ingestIn(this.#scope, metric);
  }

  /** @internal */
  ingestIn(scope: Scope, metric: Decoded): AggregateView | undefined {
    return this.#ingest.record(scope, metric);
  }

  /** Returns every metric that the aggregator holds. The views are the metrics themselves, so they change with each sample. */
  views(): Iterable<AggregateView> {
    return this.registry.views();
  }

  /**
   * Passes each metric with samples to `write`, and clears it. Each metric is one synchronous step of the generator. Between two
   * steps other code may run. A sample that it records counts in this round or in the next. The last step lets go of metrics that
   * have had no sample for ten rounds.
   *
   * @param write - Called with a metric and the number of its samples. If it throws, the metric keeps its samples.
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
   * Forgets metrics. A later sample of such a metric begins at 0, and is its first for `ingest`. The forgotten samples count as
   * sent.
   *
   * @param isChosen - Returns whether to forget one of `views()`.
   * @returns The forgotten metrics.
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

  /** Counts of all samples so far. Taken samples count as `sent`. */
  get counts(): AggregatorCounts {
    let pending = 0;
    for (const { calls } of this.registry.views()) pending += calls;
    return { ...this.ledger.balance(pending), metrics: this.registry.size };
  }
}
