import type { Decoded, Tag } from '@afstatsd/core';
import type { LiveKind } from './api.js';
import { withDifference } from './difference.js';
import type { LiveMemory } from './live-memory.js';
import { MemberCount, hashOf } from './member-counts.js';
import type { Rows } from './rows.js';

/** A step, in ms: 240 of them are twenty minutes, so that ten can stand beside the ten before. */
export const STEP_MS = 5_000;
export const STEP_S: number = STEP_MS / 1000;
/** After so many missed repeats, a gauge that its sender repeats has no value any more. */
const MISSED_REPEATS = 5;

/** How a series is known. */
export interface Identity {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly tags: readonly Tag[];
  readonly kind: LiveKind;
  /** Of a total: the tag whose series it adds up, or `[]` for all of the name. */
  readonly of: readonly string[] | undefined;
  /** When it was heard of first, in ms since 1970. */
  readonly first: number;
}

/** Most series have none, so there is one list for all of them. */
const NO_TOTALS: readonly LiveSeries[] = [];

/** A series with what is kept of it: a value for each step, and the step under way. */
export abstract class LiveSeries {
  readonly identity: Identity;
  /** Totals in which it is added up, too. */
  totals: readonly LiveSeries[] = NO_TOTALS;
  /** The step in which it began, and that of its last sample. */
  readonly born: number;
  touched: number;

  constructor(identity: Identity, step: number) {
    this.identity = identity;
    this.born = this.touched = step;
  }

  /** How many places it takes of those that there are. */
  abstract readonly places: number;
  abstract add(metric: Decoded): void;
  /** Ends a step, whose values stay as those of this number. */
  abstract end(step: number): void;
  /** @param done - which part of the step under way has passed, from 0 to 1. */
  abstract now(step: number, done: number): number[];
  /** The values of a step, by the columns of its kind; NaN for none. */
  abstract at(step: number): number[];
  /** Gives its memory back. Nothing is asked of it afterwards. */
  abstract release(): void;
  /** As a total, takes over the history of the only series that it has added up so far. Counters and gauges have no totals. */
  begin(_like: LiveSeries): void {}
}

/** What came in the last 5 s, a second: the rest of the step before counts as evenly spread. */
export function rateNow(before: number, now: number, done: number, stepsOld: number): number {
  if (Number.isNaN(before)) return now / Math.max(1, Math.min(1, stepsOld + done) * STEP_S);
  return (before * (1 - done) + now) / STEP_S;
}

export class CounterSeries extends LiveSeries {
  readonly places = 1;
  readonly #rows: Rows;
  readonly #sums: number;
  #sum = 0;

  constructor(identity: Identity, step: number, { numbers }: LiveMemory) {
    super(identity, step);
    this.#rows = numbers;
    this.#sums = numbers.take();
  }

  add(metric: Decoded): void {
    if (metric.type === 'counter') this.#sum += metric.value / metric.rate;
  }

  end(step: number): void {
    this.#rows.set(this.#sums, step, this.#sum);
    this.#sum = 0;
  }

  now(step: number, done: number): number[] {
    return [rateNow(this.#rows.get(this.#sums, step - 1), this.#sum, done, step - this.born)];
  }

  at(step: number): number[] {
    return [this.#rows.get(this.#sums, step) / STEP_S];
  }

  release(): void {
    this.#rows.give(this.#sums);
  }
}

export class GaugeSeries extends LiveSeries {
  readonly places = 1;
  readonly #rows: Rows;
  /** What its values differ from its first one: of a time or a position, single precision has no room for the whole value. */
  readonly #differences: number;
  #base = NaN;
  #value = NaN;
  /** Steps without a repeat after which it has no value any more. */
  #lasts = Infinity;

  constructor(identity: Identity, step: number, { numbers }: LiveMemory) {
    super(identity, step);
    this.#rows = numbers;
    this.#differences = numbers.take();
  }

  add(metric: Decoded): void {
    if (metric.type !== 'gauge') return;
    this.#value = metric.value;
    if (Number.isNaN(this.#base)) this.#base = metric.value;
    const { every = 0 } = metric;
    this.#lasts = every > 0 ? Math.ceil((MISSED_REPEATS * every) / STEP_S) : Infinity;
  }

  end(step: number): void {
    if (step - this.touched > this.#lasts) this.#value = NaN;
    this.#rows.set(this.#differences, step, this.#value - this.#base);
  }

  now(): number[] {
    return [this.#value];
  }

  at(step: number): number[] {
    return [withDifference(this.#base, this.#rows.get(this.#differences, step))];
  }

  release(): void {
    this.#rows.give(this.#differences);
  }
}

export class SetSeries extends LiveSeries {
  readonly places = 1;
  readonly #rows: Rows;
  readonly #sizes: number;
  readonly #members: MemberCount;

  constructor(identity: Identity, step: number, { numbers, members }: LiveMemory) {
    super(identity, step);
    this.#rows = numbers;
    this.#sizes = numbers.take();
    this.#members = new MemberCount(members);
  }

  add(metric: Decoded): void {
    if (metric.type !== 'set') return;
    for (const member of metric.members) this.#members.add(hashOf(member));
  }

  end(step: number): void {
    this.#rows.set(this.#sizes, step, this.#members.size);
    this.#members.clear();
  }

  /** The step under way has just begun, so that of the one before stands for it while it is more. */
  now(step: number): number[] {
    const before = this.#rows.get(this.#sizes, step - 1);
    return [Math.max(Number.isNaN(before) ? 0 : before, this.#members.size)];
  }

  at(step: number): number[] {
    return [this.#rows.get(this.#sizes, step)];
  }

  release(): void {
    this.#rows.give(this.#sizes);
    this.#members.clear();
  }

  override begin(like: LiveSeries): void {
    if (!(like instanceof SetSeries)) return;
    this.#rows.copy(like.#sizes, this.#sizes);
    this.#members.copy(like.#members);
  }
}
