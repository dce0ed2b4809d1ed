import type { Ledger } from '../account/ledger.js';
import type { Report } from '../account/report.js';
import { type Trace, activeTrace } from '../host/active-trace.js';
import type { Periodic } from '../host/periodic.js';
import type { Surroundings } from '../host/surroundings.js';
import { Counter } from '../metric/counter.js';
import { Gauge } from '../metric/gauge.js';
import type { Metric, Owner } from '../metric/metric.js';
import { UniqueSet } from '../metric/set.js';
import { DistributionTimer, Histogram, Timer, tellOwners } from '../metric/timer.js';
import type { AggregateView } from '../metric/view.js';
import { describe } from '../text/describe.js';
import type { Identity } from '../text/identity.js';
import type { Tags } from '../text/tags.js';
import { Family, familyOf } from './family.js';
import { Growth } from './growth.js';
import { limitText } from './limit-text.js';
import type { Rules } from './rules.js';
import { type Kept, Sweep } from './sweep.js';

/** Records a duration in ms with further tags. */
type RecordTagged = (ms: number, tags: Tags) => void;

/** All metrics of a client, by kind, name and tags. */
export class Registry implements Owner {
  readonly counters: Family<Counter> = new Family(Counter);
  readonly gauges: Family<Gauge> = new Family(Gauge);
  readonly timers: Family<Timer> = new Family(Timer);
  readonly sets: Family<UniqueSet> = new Family(UniqueSet);
  readonly histograms: Family<Timer> = new Family<Timer>(Histogram);
  readonly distributions: Family<Timer> = new Family<Timer>(DistributionTimer);
  maxMetrics = 0;
  maxSamples = 0;
  readonly now: () => number;
  trace: (() => Trace | undefined) | undefined = undefined;
  readonly #families = {
    counter: this.counters,
    gauge: this.gauges,
    timer: this.timers,
    set: this.sets,
    histogram: this.histograms,
    distribution: this.distributions,
  };
  readonly #ledger: Ledger;
  readonly #report: Report;
  readonly #growth: Growth;
  readonly #touched: (metric: Metric) => void;
  /** Lets go of idle metrics from time to time, once it is started. */
  readonly sweeping: Periodic;
  #rules: Rules | undefined;
  /** Metrics that were made before the rules, and that the rules change. Their next sample moves to another metric. */
  #unruled = new WeakSet<Metric>();
  /** Functions that record a duration with further tags, by the timer that app code holds. */
  readonly #tagged = new WeakMap<Metric, RecordTagged>();
  /** The owner of metrics that rules deny. */
  readonly #nobody: Owner;
  readonly #sweep: Sweep;
  told: Owner['told'];

  /**
   * @param touched - Called with each metric that has its first sample since it was sent. The client's stage decides what it
   * does.
   */
  constructor(
    ledger: Ledger,
    report: Report,
    surroundings: Pick<Surroundings, 'later' | 'now' | 'wallClock'>,
    touched: (metric: Metric) => void,
  ) {
    this.#ledger = ledger;
    this.#report = report;
    this.#growth = new Growth(report);
    this.now = surroundings.wallClock;
    this.#sweep = new Sweep(surroundings, this, () => this.#everything());
    this.sweeping = this.#sweep.periodic;
    this.#touched = touched;
    this.#nobody = {
      maxSamples: 3,
      now: this.now,
      trace: undefined,
      touched: (metric) => void metric.clear(),
      rejected: (what, metric, value) => this.rejected(what, metric, value),
      overLimit: () => {},
      recordTagged: (timer, ms, tags) => this.recordTagged(timer, ms, tags),
    };
  }

  apply(limits: {
    readonly maxMetrics: number;
    readonly maxSamples: number;
    readonly rules: Rules | undefined;
    readonly exemplars: boolean;
  }): void {
    if (limits.exemplars !== (this.trace !== undefined)) this.#setExemplars(limits.exemplars);
    if (limits.rules !== this.#rules) this.#setRules(limits.rules);
    this.maxMetrics = limits.maxMetrics;
    this.maxSamples = limits.maxSamples;
  }

  get size(): number {
    const values = this.timers.size + this.histograms.size + this.distributions.size;
    return this.counters.size + this.gauges.size + this.sets.size + values;
  }

  /** The metric of an identity. It is made if there is none. Undefined if there is no room for it. */
  get<M extends Metric>(family: Family<M>, named: Identity): M | undefined {
    const identity = this.#ruled(family, named);
    if (identity === undefined) return this.#denied(family, named);
    const map = family.mapOf(identity);
    const known = map.get(identity.key);
    if (known !== undefined) return known;
    if (!this.#hasRoom(family, identity.name)) return undefined;
    const metric = new family.kind(identity, this);
    metric.round = this.#sweep.round;
    map.set(identity.key, metric);
    if (map === family.tagged) this.#growth.made(identity, family.tagged, this.maxMetrics);
    this.#sweep.wake();
    return metric;
  }

  *views(): Generator<Metric & AggregateView> {
    yield* this.counters.all();
    yield* this.gauges.all();
    yield* this.timers.all();
    yield* this.sets.all();
    yield* this.histograms.all();
    yield* this.distributions.all();
  }

  touched(metric: Metric): void {
    metric.round = this.#sweep.round;
    if (metric.released && !this.#takeBack(metric)) return;
    this.#sweep.wake();
    this.#touched(metric);
  }

  rejected(what: string, metric: string, value: unknown): void {
    this.#ledger.rejected++;
    this.#report.once(
      `rejected ${what}`,
      () => `${what} of ${describe(metric)} can't be ${describe(value)}: refused`,
      metric,
    );
  }

  overLimit(metric: Metric): void {
    this.#ledger.dropped.cardinality++;
    this.#report.once(
      'maxSamples',
      () =>
        `set ${describe(metric.name)} has ${this.maxSamples} members (maxSamples): new ones are dropped until it is sent`,
      metric.name,
    );
  }

  /** Notes the function that records a duration with further tags than this timer has. */
  holdTimer(timer: Timer, record: RecordTagged): void {
    this.#tagged.set(timer, record);
  }

  /** Calls `tell` with each duration that a timer gets from now on. */
  tellDurations(tell: (timer: Timer, ms: number) => void): void {
    if (this.told !== undefined) return;
    this.told = (metric, ms) => {
      const timer = metric as Timer;
      if (timer.as === undefined && Number.isFinite(ms)) tell(timer, ms);
    };
    tellOwners();
  }

  recordTagged(timer: Metric, ms: number, tags: Tags): void {
    this.#tagged.get(timer)?.(ms, tags);
  }

  /**
   * Lets go of the chosen metrics and their samples, except metrics that app code holds.
   *
   * @returns The metrics, and the number of their samples.
   */
  forget(isChosen: (metric: AggregateView) => boolean): { metrics: Set<Metric>; samples: number } {
    const metrics = new Set<Metric>();
    let samples = 0;
    for (const [map, metric] of this.#everything()) {
      if (metric.bound || !isChosen(metric as Metric & AggregateView)) continue;
      samples += metric.clear();
      metric.release();
      map.delete(metric.key);
      metrics.add(metric);
    }
    return { metrics, samples };
  }

  /** Ends a round of the sweep of idle metrics. Returns whether there may be something to let go of in a later round. */
  sweep(): boolean {
    return this.#sweep.endRound();
  }

  *#everything(): Generator<Kept> {
    for (const family of Object.values(this.#families)) {
      for (const map of [family.plain, family.tagged] as Map<string, Metric>[]) {
        for (const metric of map.values()) yield [map, metric];
      }
    }
  }

  /**
   * Takes back a metric that was let go, because a look-up still found it. If there is a new metric of the same identity, that
   * one gets the sample, because two gauges of one name would overwrite each other. If there is no room, the sample is dropped.
   */
  #takeBack(metric: Metric): boolean {
    const family = this.#families[familyOf(metric)] as Family<Metric>;
    if (this.#unruled.has(metric)) {
      const ruled = this.get(family, metric);
      if (ruled === undefined) this.#ledger.dropped.cardinality += metric.clear();
      else metric.handOver(ruled);
      return false;
    }
    const map = family.mapOf(metric);
    const successor = map.get(metric.key);
    if (successor !== undefined) {
      metric.handOver(successor);
      return false;
    }
    if (!this.#hasRoom(family, metric.name)) {
      this.#ledger.dropped.cardinality += metric.clear();
      return false;
    }
    map.set(metric.key, metric);
    metric.takeBack();
    return true;
  }

  #setExemplars(isOn: boolean): void {
    this.trace = isOn ? activeTrace : undefined;
    for (const family of [this.timers, this.histograms, this.distributions]) {
      for (const timer of family.all()) timer.restartExemplars();
    }
  }

  /** Applies rules. Samples that wait leave under the old names and tags. Later samples follow the rules. */
  #setRules(rules: Rules | undefined): void {
    this.#rules = rules;
    this.#unruled = new WeakSet();
    this.#sweep.beginAgain();
    for (const family of Object.values(this.#families)) {
      family.split();
      family.given?.clear();
    }
    for (const [map, metric] of this.#everything()) {
      if (rules === undefined || rules.apply(familyOf(metric), metric) === metric) continue;
      this.#unruled.add(metric);
      metric.release();
      map.delete(metric.key);
    }
  }

  #ruled(family: Family<Metric>, identity: Identity): Identity | undefined {
    if (this.#rules === undefined) return identity;
    return this.#rules.apply(this.#kindOf(family), identity);
  }

  #kindOf(family: Family<Metric>): string {
    for (const [kind, one] of Object.entries(this.#families)) if (one === family) return kind;
    return '';
  }

  /** Makes a metric that forgets its samples. Look-ups find it like any other, so denied calls cost as little as others. */
  #denied<M extends Metric>(family: Family<M>, identity: Identity): M {
    const metric = new family.kind(identity, this.#nobody);
    metric.release();
    return metric;
  }

  #hasRoom(family: Family<Metric>, name: string): boolean {
    if (this.size < this.maxMetrics) return true;
    this.#report.once('maxMetrics', () => {
      const { plain, tagged } = family;
      const names = [...plain.values(), ...tagged.values()].map((metric) => metric.name);
      return limitText(this.maxMetrics, name, names);
    });
    return false;
  }
}
