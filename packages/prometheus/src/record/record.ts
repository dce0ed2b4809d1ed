import type { Decoded, Exemplar } from '@afstatsd/core';
import { ExponentialBuckets } from './exponential-buckets.js';
import type { SeriesKind } from './kind.js';

/** A metric with its current values. */
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
  /** Whether a page for scrapers shows the metric as 0. */
  isHeld = false;
  /** Whether the record was removed. A later metric with the same name and tags gets another record. */
  isGone = false;

  constructor(kind: Kind, key: string) {
    this.kind = kind;
    this.key = key;
  }
}

/** The sum of a counter's positive changes, or of its negative ones. */
export class CounterRecord extends Base<'counter' | 'decrements'> {
  value = -0; // a double from the beginning, so that all have one hidden class
}

/** The last value of a gauge. */
export class GaugeRecord extends Base<'gauge'> {
  value = -0;
  /** The time at which the gauge was set or repeated, in ms since 1970. */
  time = -0;
  /** The seconds after which its sender repeats the gauge. 0 if the sender doesn't. */
  repeatedEvery = 0;

  /** Takes the value, or the change of the value. An infinite sum changes nothing. */
  set({ value, signed, change, timestamp, every = 0 }: Extract<Decoded, { type: 'gauge' }>): void {
    const now = signed === true && change === undefined ? this.value + value : value;
    if (Number.isFinite(now)) this.value = now;
    // A repeated gauge counts as set now, because a repeat means that the value still holds.
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

/** The buckets of a histogram, and the unit of its values. */
export interface Scale {
  /** Upper bounds of the buckets, in the unit of the output. */
  readonly bounds: readonly number[];
  /** The same bounds, in the unit of incoming values. */
  readonly recorded: readonly number[];
  /** Turns a value as it came into the unit of the bounds. */
  readonly factor: number;
  /** Whether values are counted in exponential buckets, too. */
  readonly hasExponential: boolean;
}

/** The scales for timers (in ms) and for histograms. */
export interface Scales {
  readonly timers: Scale;
  readonly values: Scale;
}

/** The counts of a timer or a histogram. They are exact, because every value is counted by the output's own bounds. */
export class HistogramRecord extends Base<'timer' | 'histogram'> {
  readonly scale: Scale;
  /** The number of values in each bucket. There is one bucket more than bounds. */
  readonly counts: number[];
  readonly exponential: ExponentialBuckets | undefined;
  /** The latest exemplar of each bucket, with its value in the unit of the bounds. Undefined until there is one. */
  exemplars: (Exemplar | undefined)[] | undefined = undefined;
  count = -0;
  min: number = Infinity;
  max: number = -Infinity;
  #sum = -0;
  /** The fraction of sampled values' weights that hasn't counted yet. It begins at one half, so that totals are rounded. */
  #rest = 0.5;

  constructor(kind: 'timer' | 'histogram', key: string, scale: Scale) {
    super(kind, key);
    this.scale = scale;
    // A plain array is used, because a typed array would have memory of its own outside of the heap.
    this.counts = Array.from({ length: scale.recorded.length + 1 }, () => 0);
    this.exponential = scale.hasExponential ? new ExponentialBuckets() : undefined;
  }

  /** The sum of all values, in the unit of the bounds. */
  get sum(): number {
    return finite(this.#sum * this.scale.factor);
  }

  /** @param weight - the number of values that this one stands for. A sampled value stands for 1 / rate. */
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

  /** Takes an exemplar, with its value in the unit of incoming values. An exemplar older than its bucket's is left out. */
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

  /** The number of distinct members in the last window, or in the current window if it has more. */
  get value(): number {
    return Math.max(this.#last?.size ?? 0, this.#window.size);
  }

  /** The number of distinct members in the current window. */
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

  /** Takes the members of the last window into the current one, because they weren't passed on. */
  restore(): void {
    for (const member of this.#last ?? []) this.#window.add(member);
    this.#last = undefined;
  }
}

/** A finite number for a sum. The sum of the largest numbers may be infinite, and JSON can't express that. */
export function finite(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value));
}
