import type { Decoded, Tag } from '@afstatsd/core';
import type { LiveKind } from './api.js';
import { withDifference } from './difference.js';
import type { LiveMemory } from './live-memory.js';
import { MemberCount, hashOf } from './member-counts.js';
import type { Rows } from './rows.js';

/** The length of a step, in ms. The default of 240 steps is 20 minutes, so 10 minutes can be compared with the 10 before. */
export const STEP_MS = 5_000;
export const STEP_S: number = STEP_MS / 1000;
/** A gauge that its sender repeats has no value any more after this many missed repeats. */
const MISSED_REPEATS = 5;

/** The identity of a series. */
export interface Identity {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly tags: readonly Tag[];
  readonly kind: LiveKind;
  /** For a total, the tag whose series it adds up, or `[]` for all series of the name. */
  readonly of: readonly string[] | undefined;
  /** The time of its first sample, in ms since 1970. */
  readonly first: number;
}

/** The empty list of totals. All series without totals share it, because most have none. */
const NO_TOTALS: readonly LiveSeries[] = [];

/** A series with its values: those of each step that is kept, and those of the current step. */
export abstract class LiveSeries {
  readonly identity: Identity;
  /** The totals that this series belongs to. */
  totals: readonly LiveSeries[] = NO_TOTALS;
  /** The step in which the series began, and the step of its last sample. */
  readonly born: number;
  touched: number;

  constructor(identity: Identity, step: number) {
    this.identity = identity;
    this.born = this.touched = step;
  }

  /** The number of places that the series takes. */
  abstract readonly places: number;
  abstract add(metric: Decoded): void;
  /** Ends the current step, and keeps its values under the number `step`. */
  abstract end(step: number): void;
  /** @param done - the part of the current step that has passed, from 0 to 1. */
  abstract now(step: number, done: number): number[];
  /** The values of a step, by the columns of its kind. NaN for no value. */
  abstract at(step: number): number[];
  /** Gives the memory back. The series isn't used afterwards. */
  abstract release(): void;
  /** Starts a total with the history of its first series. Counters and gauges have no totals. */
  begin(_like: LiveSeries): void {}
}

/** The rate of the last 5 s, per second. The samples of the step before count as evenly spread over it. */
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
  /** The row of differences from the first value. Values aren't kept whole, because single precision is too coarse for a time. */
  readonly #differences: number;
  #base = NaN;
  #value = NaN;
  /** The number of steps without a repeat after which the gauge has no value any more. */
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

  /** The larger size of the current step and the step before, because the current step may have just begun. */
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
