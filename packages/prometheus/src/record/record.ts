import type { Decoded, Exemplar } from '@afstatsd/core';
import { ExponentialBuckets } from './exponential-buckets.js';
import type { SeriesKind } from './kind.js';

/** One metric, as it stands. */
export type Recorded = CounterRecord | GaugeRecord | HistogramRecord | SetRecord;

/** The look of a record that hasn't had a sample. */
export const NEVER = -1;

/** The part that all kinds share. */
abstract class Base<Kind extends SeriesKind> {
  readonly kind: Kind;
  /** The name and the tags, with a NUL between all of them. */
  readonly key: string;
  /** The number of the look for idle metrics before which it had its last sample. */
  look: number = NEVER;
  /** A page for scrapers shows it as 0. */
  isHeld = false;
  /** It was let go. A metric of its name and tags that comes later is another record. */
  isGone = false;

  constructor(kind: Kind, key: string) {
    this.kind = kind;
    this.key = key;
  }
}

/** The sum of what was added to a counter, or of what was taken off it. */
export class CounterRecord extends Base<'counter' | 'decrements'> {
  value = -0; // a double from the beginning, so that all have one hidden class
}

/** The last value of a gauge. */
export class GaugeRecord extends Base<'gauge'> {
  value = -0;
  /** When it was set or repeated, in ms since 1970. */
  time = -0;
  /** Seconds after which its sender repeats it; 0 as long as it doesn't. */
  repeatedEvery = 0;

  /** Takes the value, or the change of the value. A sum that runs over changes nothing. */
  set({ value, signed, change, timestamp, every = 0 }: Extract<Decoded, { type: 'gauge' }>): void {
    const now = signed === true && change === undefined ? this.value + value : value;
    if (Number.isFinite(now)) this.value = now;
    // A repeat says that the value holds now, so it counts as set now, whenever that was.
    this.time = every > 0 || timestamp === undefined ? Date.now() : timestamp * 1000;
    this.repeatedEvery = every;
  }

  /** Takes a value that holds from now on, and isn't repeated. */
  setNow(value: number): void {
    this.value = value;
    this.time = Date.now();
    this.repeatedEvery = 0;
  }
}

/** How values are sorted. */
export interface Scale {
  /** Upper bounds of the buckets, as they are passed on. */
  readonly bounds: readonly number[];
  /** The same in the unit in which values come. */
  readonly recorded: readonly number[];
  /** Turns a value as it came into the unit of the bounds. */
  readonly factor: number;
  /** Whether values are counted in exponential buckets, too. */
  readonly hasExponential: boolean;
}

/** How values of timers (in ms) and of histograms are sorted. */
export interface Scales {
  readonly timers: Scale;
  readonly values: Scale;
}

/** All values of a timer or a histogram, by the bounds of the output from the first value on, so each bucket is exact. */
export class HistogramRecord extends Base<'timer' | 'histogram'> {
  readonly scale: Scale;
  /** How many values lie in each bucket; one more than there are bounds. */
  readonly counts: number[];
  readonly exponential: ExponentialBuckets | undefined;
  /** The latest exemplar of each bucket, with its value in the unit of the bounds. Undefined until there is one. */
  exemplars: (Exemplar | undefined)[] | undefined = undefined;
  count = -0;
  min: number = Infinity;
  max: number = -Infinity;
  #sum = -0;
  /** The part of a sampled value's weight that hasn't counted yet. Half a value at first, so that totals are rounded. */
  #rest = 0.5;

  constructor(kind: 'timer' | 'histogram', key: string, scale: Scale) {
    super(kind, key);
    this.scale = scale;
    // No typed array, because each would have memory of its own outside of the heap.
    this.counts = Array.from({ length: scale.recorded.length + 1 }, () => 0);
    this.exponential = scale.hasExponential ? new ExponentialBuckets() : undefined;
  }

  /** The sum of all values, in the unit of the bounds. */
  get sum(): number {
    return finite(this.#sum * this.scale.factor);
  }

  /** @param weight - how many values this one stands for: a sampled one for 1 / rate. */
  add(value: number, weight: number): void {
    let times = weight;
    if (weight !== 1) {
      times = Math.floor(weight + this.#rest);
      this.#rest += weight - times;
    }
    const { factor } = this.scale;
    this.counts[this.#bucketOf(value)]! += times;
    this.exponential?.add(value * factor, times);
    this.count += times;
    this.#sum += value * weight;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  /** Takes an exemplar, whose value came as values come. One that is older than that of its bucket is left out. */
  addExemplar(exemplar: Exemplar): void {
    this.exemplars ??= Array.from({ length: this.counts.length }, () => undefined);
    const at = this.#bucketOf(exemplar.value);
    if ((this.exemplars[at]?.time ?? 0) > exemplar.time) return;
    this.exemplars[at] = { ...exemplar, value: exemplar.value * this.scale.factor };
  }

  #bucketOf(value: number): number {
    const { recorded } = this.scale;
    let at = 0;
    while (at < recorded.length && value > recorded[at]!) at++;
    return at;
  }
}

/** Distinct members, in windows of time. */
export class SetRecord extends Base<'set'> {
  #window = new Set<string>();
  #last: Set<string> | undefined;

  /** Distinct members in the window that has ended last; or in the one under way, if these are more. */
  get value(): number {
    return Math.max(this.#last?.size ?? 0, this.#window.size);
  }

  /** Distinct members in the window under way. */
  get size(): number {
    return this.#window.size;
  }

  has(member: string): boolean {
    return this.#window.has(member);
  }

  add(member: string): void {
    this.#window.add(member);
  }

  /** Ends a window, and begins the next one. */
  roll(): void {
    this.#last = this.#window.size === 0 ? undefined : this.#window;
    this.#window = new Set();
  }

  /** Takes the members of the window that has ended back into the one that is under way: nobody has heard of them. */
  restore(): void {
    for (const member of this.#last ?? []) this.#window.add(member);
    this.#last = undefined;
  }
}

/** Sums of the largest numbers run over, and JSON has no way to say so. */
export function finite(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value));
}
