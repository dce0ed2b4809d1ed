import { now } from '../host/clock.js';
import type { Identity } from '../text/identity.js';
import type { Tags } from '../text/tags.js';
import type { EndTimer } from './bound.js';
import { Buckets } from './buckets.js';
import { Metric, type Owner, isNumberWithin } from './metric.js';
import { SealedTimer } from './sealed.js';
import type { Distribution, Exemplar, Samples, TimerView, ValueKind } from './view.js';

const SMALLEST_LIST = 16;
/** Even without a limit of its own (`maxSamples: Infinity`) a list ends here, at 128 MB. */
const LONGEST_LIST = 2 ** 24;
/** After so many looks for a trace in vain, only the slowest values are reason for another look, until the timer is sent. */
const MOST_VAIN_LOOKS = 64;
const NO_VALUES = new Float64Array(0);

/** Durations in ms: each one in order of arrival up to the owner's `maxSamples`, and past that in buckets. */
export class Timer extends Metric implements TimerView {
  static readonly sample: string = 'the duration';
  #values = NO_VALUES;
  #buckets: Buckets | undefined;
  #summary: Samples | undefined;
  /** `calls` at the time of `#summary`, which is good as long as there are no more. */
  #summaryCalls = 0;
  /** A value above it is reason to look for a trace. Infinity where nobody wants exemplars. */
  #slowest: number;
  #vainLooks = 0;
  #exemplar: Exemplar | undefined = undefined;

  constructor(identity: Identity, owner: Owner) {
    super(identity, owner);
    this.#slowest = owner.trace === undefined ? Infinity : -Infinity;
  }

  /** The slowest of the values whose trace is known. */
  get exemplar(): Exemplar | undefined {
    return this.#exemplar;
  }

  get kind(): 'timer' {
    return 'timer';
  }

  /** Only subclasses have it. */
  get as(): ValueKind | undefined {
    return undefined;
  }

  get from(): number {
    return 0;
  }

  /** Records one duration in ms. What isn't a finite number is refused. */
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

  /** Records one duration that stands for `weight` calls: a sampled one, for 1 / rate. Such a timer counts in buckets. */
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

  /** A histogram of what was recorded, with these upper bounds, in ms and in rising order. */
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

  /** Hands what was recorded over to a view of its own, of which a part has left, and starts afresh. */
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

/** From now on timers tell their owners of each value. Until then not even a comparison is in the way of one. */
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

/** Starts a measurement; the function that it returns ends it, hands it to `record` once, and returns the duration in ms. */
export function startMeasuring(record: (ms: number, tags: Tags | undefined) => void): EndTimer {
  const begin = now();
  let ms: number | undefined;
  return (tags) => {
    if (ms === undefined) record((ms = now() - begin), tags);
    return ms;
  };
}
