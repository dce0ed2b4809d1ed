import { now } from '../host/clock.js';
import type { Identity } from '../text/identity.js';
import type { Tags } from '../text/tags.js';
import type { EndTimer } from './bound.js';
import { Buckets } from './buckets.js';
import { Metric, type Owner, isNumberWithin } from './metric.js';
import { SealedTimer } from './sealed.js';
import type { Distribution, Exemplar, Samples, TimerView, ValueKind } from './view.js';

const SMALLEST_LIST = 16;
/** A list has at most this many values (128 MB), also with `maxSamples: Infinity`. */
const LONGEST_LIST = 2 ** 24;
/** After this many looks for a trace in vain, only a new slowest value is worth another look, until the timer is sent. */
const MOST_VAIN_LOOKS = 64;
const NO_VALUES = new Float64Array(0);

/** Durations in ms. Up to the owner's `maxSamples` they are kept in order of arrival. More values are counted in buckets. */
export class Timer extends Metric implements TimerView {
  static readonly sample: string = 'the duration';
  #values = NO_VALUES;
  #buckets: Buckets | undefined;
  #summary: Samples | undefined;
  /** `calls` when `#summary` was made. The summary is stale once there are more calls. */
  #summaryCalls = 0;
  /** The client looks for a trace if a value is above this. Infinity if it stores no exemplars. */
  #slowest: number;
  #vainLooks = 0;
  #exemplar: Exemplar | undefined = undefined;

  constructor(identity: Identity, owner: Owner) {
    super(identity, owner);
    this.#slowest = owner.trace === undefined ? Infinity : -Infinity;
  }

  /** The slowest value with a known trace. */
  get exemplar(): Exemplar | undefined {
    return this.#exemplar;
  }

  get kind(): 'timer' {
    return 'timer';
  }

  /** Defined only in subclasses. */
  get as(): ValueKind | undefined {
    return undefined;
  }

  get from(): number {
    return 0;
  }

  /** Records one duration in ms, a finite number. Other values are refused. */
  record(ms: number): void {
    if (!isNumberWithin(ms, Number.MAX_VALUE)) {
      this.owner.rejected(Timer.sample, this.name, ms);
      return;
    }
    const at = this.calls;
    if (at < this.#values.length) this.#values[at] = ms;
    else this.#recordPastTheList(ms);
    if (ms > this.#slowest) this.#lookForTrace(ms);
    this.countCalls(1);
  }

  /** Forgets the exemplar, and looks for traces from now on if the owner does. */
  restartExemplars(): void {
    this.#slowest = this.owner.trace === undefined ? Infinity : -Infinity;
    this.#vainLooks = 0;
    this.#exemplar = undefined;
  }

  /**
   * Records one duration in ms that stands for `weight` calls, because a sampled call stands for 1 / rate. Counts it in buckets.
   */
  recordWeighted(ms: number, weight: number): void {
    if (!isNumberWithin(ms, Number.MAX_VALUE) || !(weight >= 1 && weight <= Number.MAX_SAFE_INTEGER)) {
      this.owner.rejected(Timer.sample, this.name, ms);
      return;
    }
    if (weight === 1) {
      this.record(ms);
      return;
    }
    this.#useBuckets().add(ms, weight);
    this.countCalls(weight);
  }

  /** Returns a histogram of the recorded values. `bounds` are upper bounds, in ms and in rising order. */
  distribution(bounds: readonly number[]): Distribution {
    if (this.#buckets !== undefined) return this.#buckets.distribution(bounds);
    const counts = Array.from({ length: bounds.length + 1 }, () => 0);
    let [sum, min, max] = [0, Infinity, -Infinity];
    for (const ms of this.#values.subarray(0, this.calls)) {
      const at = bounds.findIndex((bound) => ms <= bound);
      counts[at < 0 ? bounds.length : at]!++;
      sum += ms;
      min = Math.min(min, ms);
      max = Math.max(max, ms);
    }
    return { counts, count: this.calls, sum, min, max };
  }

  static accepts(ms: unknown): boolean {
    return isNumberWithin(ms, Number.MAX_VALUE);
  }

  start(): EndTimer {
    return startMeasuring((ms, tags) => {
      if (tags === undefined) this.record(ms);
      else this.owner.recordTagged(this, ms, tags);
    });
  }

  get samples(): Samples {
    if (this.#buckets === undefined) {
      return { values: this.#values, length: this.calls, exact: this.calls, rate: 1 };
    }
    if (this.#summary === undefined || this.#summaryCalls !== this.calls) {
      this.#summary = this.#buckets.summary(Math.min(this.owner.maxSamples, LONGEST_LIST));
      this.#summaryCalls = this.calls;
    }
    return this.#summary;
  }

  clear(): number {
    const { calls } = this;
    if (this.#buckets !== undefined) {
      this.#buckets = this.#summary = undefined;
    } else if (calls < this.#values.length / 4) {
      this.#values = calls === 0 ? NO_VALUES : new Float64Array(this.#values.length / 2);
    }
    if (this.#slowest !== Infinity) this.restartExemplars();
    return this.forgetCalls();
  }

  handOver(other: Timer): void {
    const { min, count } = this.distribution([]);
    this.clear();
    other.recordWeighted(min, count);
  }

  /** Moves the values to a view, because some of them have left. This timer is empty afterwards. */
  seal(): SealedTimer {
    const sealed = new SealedTimer(this, this.calls);
    this.#values = NO_VALUES;
    this.clear();
    return sealed;
  }

  #lookForTrace(ms: number): void {
    const trace = this.owner.trace?.();
    if (trace !== undefined) {
      this.#slowest = ms;
      this.#exemplar = { value: ms, ...trace, time: this.owner.now() };
    } else if (++this.#vainLooks >= MOST_VAIN_LOOKS) this.#slowest = ms;
  }

  #recordPastTheList(ms: number): void {
    if (this.#buckets === undefined) {
      const longest = Math.min(this.owner.maxSamples, LONGEST_LIST);
      if (this.#values.length < longest) {
        const longer = new Float64Array(Math.min(longest, Math.max(SMALLEST_LIST, this.#values.length * 2)));
        longer.set(this.#values);
        longer[this.calls] = ms;
        this.#values = longer;
        return;
      }
    }
    this.#useBuckets().add(ms, 1);
  }

  #useBuckets(): Buckets {
    if (this.#buckets === undefined) {
      this.#buckets = new Buckets();
      for (const value of this.#values.subarray(0, this.calls)) this.#buckets.add(value, 1);
      this.#values = NO_VALUES;
    }
    return this.#buckets;
  }
}

let tells = false;

/** From now on timers report each value to their owners. `record` is replaced, so that it costs nothing before. */
export function tellOwners(): void {
  if (tells) return;
  tells = true;
  // oxlint-disable-next-line typescript/unbound-method -- it is called on each timer
  const { record } = Timer.prototype;
  Timer.prototype.record = function recordAndTell(this: Timer, ms: number): void {
    record.call(this, ms);
    this.owner.told?.(this, ms);
  };
}

/** Values of any unit, which DogStatsD's servers summarise host by host. */
export class Histogram extends Timer {
  static override readonly sample = 'the value';

  override get as(): ValueKind {
    return 'histogram';
  }
}

/** Values of any unit, which Datadog summarises over all hosts. */
export class DistributionTimer extends Timer {
  static override readonly sample = 'the value';

  override get as(): ValueKind {
    return 'distribution';
  }
}

/** Starts a measurement. The returned function ends it, calls `record` the first time, and returns the duration in ms. */
export function startMeasuring(record: (ms: number, tags: Tags | undefined) => void): EndTimer {
  const begin = now();
  let ms: number | undefined;
  return (tags) => {
    if (ms === undefined) record((ms = now() - begin), tags);
    return ms;
  };
}
