import type { Ledger } from '../account/ledger.js';
import type { Report } from '../account/report.js';
import { Periodic } from '../host/periodic.js';
import type { Surroundings } from '../host/surroundings.js';
import { Counter } from '../metric/counter.js';
import { Gauge } from '../metric/gauge.js';
import type { Metric, Owner } from '../metric/metric.js';
import { UniqueSet } from '../metric/set.js';
import { DistributionTimer, Histogram, Timer, tellOwners } from '../metric/timer.js';
import type { AggregateView, ValueKind } from '../metric/view.js';
import { describe } from '../text/describe.js';
import type { Identity } from '../text/identity.js';
import type { Tags } from '../text/tags.js';
import { Growth } from './growth.js';
import { limitText } from './limit-text.js';
import type { Rules } from './rules.js';

/** How often a sweep ends a round, in ms. */
const ROUND_MS = 20_000;
/** Rounds that an idle metric is kept: 200 s, however often flushes come. */
const IDLE_ROUNDS = 10;
/** Metrics looked at in one sweep: a tenth of all, so that everything is seen within ten rounds, but within these bounds. */
const SWEEP_MIN = 1000;
const SWEEP_MAX = 20_000;

/** A class of metrics. */
interface MetricKind<M extends Metric> {
  new (identity: Identity, owner: Owner): M;
  /** How a warning calls what is recorded. */
  readonly sample: string;
  /** Whether a value can be recorded. */
  accepts(value: unknown): boolean;
}

/** The metrics of one kind. */
export class Family<M extends Metric> {
  /** Those without tags, by name. */
  plain: Map<string, M> = new Map();
  /** Those with tags, by key. A name that a call gives is never looked up here, so it can't pass for a key. */
  readonly tagged: Map<string, M> = new Map();
  readonly kind: MetricKind<M>;
  /**
   * Metrics by the names that calls without tags give, where rules may have given them other ones. Without rules these are the names
   * of `plain`.
   */
  given: Map<string, M> | undefined;

  constructor(kind: MetricKind<M>) {
    this.kind = kind;
  }

  get size(): number {
    return this.plain.size + this.tagged.size;
  }

  *all(): Generator<M> {
    yield* this.plain.values();
    yield* this.tagged.values();
  }

  /** From now on names that calls give and names of metrics may differ. Look-ups have the map of before, so it is the one for calls. */
  split(): void {
    if (this.given !== undefined) return;
    this.given = this.plain;
    this.plain = new Map(this.plain);
  }

  /** The map in which a metric has its place. */
  mapOf({ tags }: Pick<Identity, 'tags'>): Map<string, M> {
    return tags.length === 0 ? this.plain : this.tagged;
  }
}

/** Records a duration in ms with more tags. */
type RecordTagged = (ms: number, tags: Tags) => void;

type FamilyName = 'counter' | 'gauge' | 'timer' | 'set' | ValueKind;

/** The name of the family that a metric is of. */
function familyOf(metric: Metric): FamilyName {
  const { as, kind } = metric as Metric & { readonly as?: ValueKind; readonly kind: FamilyName };
  return as ?? kind;
}

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
  #round = 0;
  #rules: Rules | undefined;
  /** Metrics that were made before the rules, and that rules change. */
  #unruled = new WeakSet<Metric>();
  /** What records a duration with more tags than a timer has that app code holds. */
  readonly #tagged = new WeakMap<Metric, RecordTagged>();
  /** The owner of metrics that rules deny. */
  readonly #nobody: Owner;
  #sweep: Iterator<[Map<string, Metric>, Metric]> | undefined;
  /** Whether a metric may have to be let go at a later time than this pass over all of them comes to it. */
  #hasMore = false;
  told: Owner['told'];

  /**
   * @param touched - Called with each metric that has its first sample since it was sent. The stage of the client's life
   * decides what becomes of it.
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
    this.sweeping = new Periodic(surroundings, ROUND_MS, () => this.sweep());
    this.#touched = touched;
    this.#nobody = {
      maxSamples: 3,
      now: this.now,
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
  }): void {
    if (limits.rules !== this.#rules) this.#setRules(limits.rules);
    this.maxMetrics = limits.maxMetrics;
    this.maxSamples = limits.maxSamples;
  }

  get size(): number {
    const values = this.timers.size + this.histograms.size + this.distributions.size;
    return this.counters.size + this.gauges.size + this.sets.size + values;
  }

  /** The metric of this identity, made if there is none; undefined when it would be one too many. */
  get<M extends Metric>(family: Family<M>, named: Identity): M | undefined {
    const identity = this.#ruled(family, named);
    if (identity === undefined) return this.#denied(family, named);
    const map = family.mapOf(identity);
    const known = map.get(identity.key);
    if (known !== undefined) return known;
    if (!this.#hasRoom(family, identity.name)) return undefined;
    const metric = new family.kind(identity, this);
    metric.round = this.#round;
    map.set(identity.key, metric);
    if (map === family.tagged) this.#growth.made(identity, family.tagged, this.maxMetrics);
    this.#sweepLater();
    return metric;
  }

  *views(): Generator<AggregateView> {
    yield* this.counters.all();
    yield* this.gauges.all();
    yield* this.timers.all();
    yield* this.sets.all();
    yield* this.histograms.all();
    yield* this.distributions.all();
  }

  touched(metric: Metric): void {
    metric.round = this.#round;
    if (metric.released && !this.#takeBack(metric)) return;
    this.#sweepLater();
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

  /** Notes what records a duration with more tags than this timer has. */
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
   * Lets go of the metrics that are chosen, with the samples that they have, unless app code holds them.
   *
   * @returns Them, and how many samples that were.
   */
  forget(isChosen: (metric: AggregateView) => boolean): { metrics: Set<Metric>; samples: number } {
    const metrics = new Set<Metric>();
    let samples = 0;
    for (const [map, metric] of this.#everything()) {
      if (metric.bound || !isChosen(metric as Metric & AggregateView)) continue;
      samples += metric.clear();
      metric.released = true;
      map.delete(metric.key);
      metrics.add(metric);
    }
    return { metrics, samples };
  }

  /**
   * Ends a round: lets go of metrics that have been idle for ten, a part of all at a time.
   *
   * @returns Whether there may be something to let go of in a later round.
   */
  sweep(): boolean {
    this.#round++;
    this.#sweep ??= this.#everything();
    for (let looks = Math.min(SWEEP_MAX, Math.max(SWEEP_MIN, this.size / 10)); looks > 0; looks--) {
      const next = this.#sweep.next();
      if (next.done === true) {
        const hasMore = this.#hasMore;
        this.#sweep = undefined;
        this.#hasMore = false;
        return hasMore;
      }
      const [map, metric] = next.value;
      if (!metric.idle || this.#round - metric.round < IDLE_ROUNDS) {
        // A counter that has nothing but a remainder of rounding waits for its next sample.
        this.#hasMore ||= metric.idle || metric.calls > 0;
        continue;
      }
      if (metric.isRepeated && this.size * 2 < this.maxMetrics) continue;
      metric.clear(); // look-ups may know it still, but its lists are let go
      if (!metric.bound) {
        metric.released = true;
        map.delete(metric.key);
      }
    }
    return true;
  }

  #sweepLater(): void {
    this.#hasMore = true;
    this.sweeping.wake();
  }

  *#everything(): Generator<[Map<string, Metric>, Metric]> {
    for (const family of Object.values(this.#families)) {
      for (const map of [family.plain, family.tagged] as Map<string, Metric>[]) {
        for (const metric of map.values()) yield [map, metric];
      }
    }
  }

  /**
   * Puts a metric back that was let go; a look-up has remembered it. If another one has taken its place, that one gets the
   * sample: two gauges of one name would overwrite each other. If there is no room, the sample is dropped.
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
    metric.released = false;
    return true;
  }

  /** Metrics that are there already leave what they have as they are called; their later samples go by the rules. */
  #setRules(rules: Rules | undefined): void {
    this.#rules = rules;
    this.#unruled = new WeakSet();
    this.#sweep = undefined;
    for (const family of Object.values(this.#families)) {
      family.split();
      family.given?.clear();
    }
    for (const [map, metric] of this.#everything()) {
      if (rules === undefined || rules.apply(familyOf(metric), metric) === metric) continue;
      this.#unruled.add(metric);
      metric.released = true;
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

  /** A metric that forgets its samples, so that look-ups find it as they find others, and denied calls cost what others cost. */
  #denied<M extends Metric>(family: Family<M>, identity: Identity): M {
    const metric = new family.kind(identity, this.#nobody);
    metric.released = true;
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
