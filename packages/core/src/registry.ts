import type { Ledger } from './ledger.js';
import { Counter } from './metric/counter.js';
import { Gauge } from './metric/gauge.js';
import type { Metric, Owner } from './metric/metric.js';
import { UniqueSet } from './metric/set.js';
import { Timer } from './metric/timer.js';
import { growingPrefix } from './growing-prefix.js';
import { describe } from './describe.js';
import type { Report } from './report.js';

/** Rounds that an idle metric is kept. */
const IDLE_ROUNDS = 10;
/** Metrics looked at in one sweep: at least so many, and a tenth of all, so that everything is seen within ten rounds; at most so many. */
const SWEEP_MIN = 1000;
const SWEEP_MAX = 20_000;

/** All metrics of a client, by kind and name, and those that wait to be sent. */
export class Registry implements Owner {
  readonly counters: Map<string, Counter> = new Map();
  readonly gauges: Map<string, Gauge> = new Map();
  readonly timers: Map<string, Timer> = new Map();
  readonly sets: Map<string, UniqueSet> = new Map();
  maxMetrics: number;
  maxSamples: number;
  /** Told of every metric that has become dirty. What it does with it (`markDirty`, or refuse) is the client's mode. */
  onTouched: (metric: Metric) => void;
  readonly #ledger: Ledger;
  readonly #report: Report;
  #dirty: Record<Metric['kind'], Metric[]> = { counter: [], gauge: [], timer: [], set: [] };
  #round = 0;
  #sweep: Iterator<[Map<string, Metric>, Metric]> | undefined;

  constructor(limits: { maxMetrics: number; maxSamples: number }, ledger: Ledger, report: Report) {
    this.maxMetrics = limits.maxMetrics;
    this.maxSamples = limits.maxSamples;
    this.#ledger = ledger;
    this.#report = report;
    this.onTouched = (metric) => this.markDirty(metric);
  }

  get size(): number {
    return this.counters.size + this.gauges.size + this.timers.size + this.sets.size;
  }

  /** Each of these gets or creates; undefined when it would be one metric too many. `name` is clean. */
  counter(name: string): Counter | undefined {
    return this.counters.get(name) ?? this.#admit(this.counters, name, Counter);
  }
  gauge(name: string): Gauge | undefined {
    return this.gauges.get(name) ?? this.#admit(this.gauges, name, Gauge);
  }
  timer(name: string): Timer | undefined {
    return this.timers.get(name) ?? this.#admit(this.timers, name, Timer);
  }
  set(name: string): UniqueSet | undefined {
    return this.sets.get(name) ?? this.#admit(this.sets, name, UniqueSet);
  }

  touched(metric: Metric): void {
    metric.round = this.#round;
    this.onTouched(metric);
  }

  rejected(what: string, metric: string, value: unknown): void {
    this.#ledger.rejected++;
    this.#report.once(
      `rejected ${what}`,
      () => `${what} of ${describe(metric)} can't be ${describe(value)}: refused`,
    );
  }

  overLimit(metric: Metric): void {
    this.#ledger.dropped.cardinality++;
    this.#report.once(
      'maxSamples',
      () =>
        `set ${describe(metric.name)} has ${this.maxSamples} members (maxSamples): new ones are dropped until it is sent`,
    );
  }

  markDirty(metric: Metric): void {
    this.#dirty[metric.kind].push(metric);
  }

  /** Whether anything waits to be sent. */
  get dirty(): boolean {
    return Object.values(this.#dirty).some((metrics) => metrics.length > 0);
  }

  /** The metrics that wait to be sent, counters first, then gauges, timers and sets. They are the caller's now. */
  takeDirty(): Metric[] {
    const { counter, gauge, timer, set } = this.#dirty;
    this.#dirty = { counter: [], gauge: [], timer: [], set: [] };
    for (const others of [gauge, timer, set]) for (const metric of others) counter.push(metric);
    return counter;
  }

  /** Samples in the metrics that wait to be sent. */
  get pending(): number {
    let calls = 0;
    for (const metrics of Object.values(this.#dirty)) for (const metric of metrics) calls += metric.calls;
    return calls;
  }

  /** Ends a round: lets go of metrics that have been idle for ten, a part of all at a time. */
  sweep(): void {
    this.#round++;
    this.#sweep ??= this.#everything();
    for (let looks = Math.min(SWEEP_MAX, Math.max(SWEEP_MIN, this.size / 10)); looks > 0; looks--) {
      const next = this.#sweep.next();
      if (next.done === true) {
        this.#sweep = undefined;
        return;
      }
      const [family, metric] = next.value;
      if (!metric.idle || this.#round - metric.round < IDLE_ROUNDS) continue;
      if (metric.bound) metric.clear();
      else family.delete(metric.name);
    }
  }

  *#everything(): Generator<[Map<string, Metric>, Metric]> {
    for (const family of [this.counters, this.gauges, this.timers, this.sets] as Map<string, Metric>[]) {
      for (const metric of family.values()) yield [family, metric];
    }
  }

  #admit<M extends Metric>(
    family: Map<string, M>,
    name: string,
    create: new (name: string, owner: Owner) => M,
  ): M | undefined {
    if (this.size >= this.maxMetrics) {
      this.#report.once('maxMetrics', () => {
        const prefix = growingPrefix(family.keys(), family.size);
        return (
          `there are ${this.maxMetrics} metrics (maxMetrics): new names are dropped, first ${describe(name)}. ` +
          `Most of the newest begin with ${describe(prefix)}; does a name there hold an id or a URL?`
        );
      });
      return undefined;
    }
    const metric = new create(name, this);
    family.set(name, metric);
    return metric;
  }
}
