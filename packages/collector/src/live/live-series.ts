import type { Decoded, Tag } from '@afstatsd/core';
import type { LiveKind } from './api.js';
import { MemberCount, type MemberRoom, hashOf } from './member-counts.js';
import { Sketch } from './sketch.js';

/** A step, in ms: 240 of them are twenty minutes, so that ten can stand beside the ten before. */
export const STEP_MS = 5_000;
const STEP_S = STEP_MS / 1000;
/** Percentiles tell of about the last minute: of what came a minute ago, a third is left. */
const FADE_PER_STEP = Math.exp(-STEP_MS / 60_000);
/** After so many missed repeats, a gauge that its sender repeats has no value any more. */
const MISSED_REPEATS = 5;
const SHARES = [0.5, 0.95, 0.99] as const;

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

/** A series with what is kept of it: a value for each step, and the step under way. */
export abstract class LiveSeries {
  readonly identity: Identity;
  /** Totals in which it is added up, too. */
  readonly totals: LiveSeries[] = [];
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
  /** As a total, takes over the history of the only series that it has added up so far. Counters and gauges have no totals. */
  begin(_like: LiveSeries): void {}
}

/** Values of the latest steps, one each. */
class Ring {
  readonly cells: Float64Array | Float32Array;

  constructor(cells: Float64Array | Float32Array) {
    this.cells = cells.fill(NaN);
  }

  get(step: number): number {
    return step < 0 ? NaN : this.cells[step % this.cells.length]!;
  }

  set(step: number, value: number): void {
    this.cells[step % this.cells.length] = value;
  }

  copy(other: Ring): void {
    this.cells.set(other.cells);
  }
}

/** What came in the last 5 s, a second: the rest of the step before counts as evenly spread. */
function rateNow(before: number, now: number, done: number, stepsOld: number): number {
  if (Number.isNaN(before)) return now / Math.max(1, Math.min(1, stepsOld + done) * STEP_S);
  return (before * (1 - done) + now) / STEP_S;
}

class CounterSeries extends LiveSeries {
  readonly places = 1;
  readonly #sums: Ring;
  #sum = 0;

  constructor(identity: Identity, step: number, points: number) {
    super(identity, step);
    this.#sums = new Ring(new Float64Array(points));
  }

  add(metric: Decoded): void {
    if (metric.kind === 'counter') this.#sum += metric.value / metric.rate;
  }

  end(step: number): void {
    this.#sums.set(step, this.#sum);
    this.#sum = 0;
  }

  now(step: number, done: number): number[] {
    return [rateNow(this.#sums.get(step - 1), this.#sum, done, step - this.born)];
  }

  at(step: number): number[] {
    return [this.#sums.get(step) / STEP_S];
  }
}

class GaugeSeries extends LiveSeries {
  readonly places = 1;
  readonly #values: Ring;
  #value = NaN;
  /** Steps without a repeat after which it has no value any more. */
  #lasts = Infinity;

  constructor(identity: Identity, step: number, points: number) {
    super(identity, step);
    this.#values = new Ring(new Float64Array(points));
  }

  add(metric: Decoded): void {
    if (metric.kind !== 'gauge') return;
    this.#value = metric.value;
    const { every = 0 } = metric;
    this.#lasts = every > 0 ? Math.ceil((MISSED_REPEATS * every) / STEP_S) : Infinity;
  }

  end(step: number): void {
    if (step - this.touched > this.#lasts) this.#value = NaN;
    this.#values.set(step, this.#value);
  }

  now(): number[] {
    return [this.#value];
  }

  at(step: number): number[] {
    return [this.#values.get(step)];
  }
}

class TimerSeries extends LiveSeries {
  readonly places = 2;
  readonly #counts: Ring;
  readonly #percentiles: readonly Ring[];
  readonly #step = new Sketch();
  readonly #minute = new Sketch();

  constructor(identity: Identity, step: number, points: number) {
    super(identity, step);
    this.#counts = new Ring(new Float32Array(points));
    this.#percentiles = SHARES.map(() => new Ring(new Float32Array(points)));
  }

  add(metric: Decoded): void {
    if (metric.kind !== 'timer') return;
    for (const value of metric.values) {
      if (!Number.isFinite(value)) continue;
      this.#step.add(value, 1 / metric.rate);
      this.#minute.add(value, 1 / metric.rate);
    }
  }

  end(step: number): void {
    this.#counts.set(step, this.#step.count);
    for (const [at, ring] of this.#percentiles.entries()) ring.set(step, this.#step.quantile(SHARES[at]!));
    this.#step.clear();
    this.#minute.fade(FADE_PER_STEP);
  }

  now(step: number, done: number): number[] {
    const rate = rateNow(this.#counts.get(step - 1), this.#step.count, done, step - this.born);
    return [rate, ...SHARES.map((share) => this.#minute.quantile(share))];
  }

  at(step: number): number[] {
    return [this.#counts.get(step) / STEP_S, ...this.#percentiles.map((ring) => ring.get(step))];
  }

  override begin(like: LiveSeries): void {
    if (!(like instanceof TimerSeries)) return;
    this.#counts.copy(like.#counts);
    for (const [at, ring] of this.#percentiles.entries()) ring.copy(like.#percentiles[at]!);
    this.#step.copy(like.#step);
    this.#minute.copy(like.#minute);
  }
}

class SetSeries extends LiveSeries {
  readonly places = 1;
  readonly #sizes: Ring;
  readonly #members: MemberCount;

  constructor(identity: Identity, step: number, points: number, room: MemberRoom) {
    super(identity, step);
    this.#sizes = new Ring(new Float64Array(points));
    this.#members = new MemberCount(room);
  }

  add(metric: Decoded): void {
    if (metric.kind !== 'set') return;
    for (const member of metric.members) this.#members.add(hashOf(member));
  }

  end(step: number): void {
    this.#sizes.set(step, this.#members.size);
    this.#members.clear();
  }

  /** The step under way has just begun, so that of the one before stands for it while it is more. */
  now(step: number): number[] {
    const before = this.#sizes.get(step - 1);
    return [Math.max(Number.isNaN(before) ? 0 : before, this.#members.size)];
  }

  at(step: number): number[] {
    return [this.#sizes.get(step)];
  }

  override begin(like: LiveSeries): void {
    if (!(like instanceof SetSeries)) return;
    this.#sizes.copy(like.#sizes);
    this.#members.copy(like.#members);
  }
}

/** Makes the series of a kind. */
export function newSeries(identity: Identity, step: number, points: number, room: MemberRoom): LiveSeries {
  switch (identity.kind) {
    case 'counter':
      return new CounterSeries(identity, step, points);
    case 'gauge':
      return new GaugeSeries(identity, step, points);
    case 'timer':
    case 'histogram':
      return new TimerSeries(identity, step, points);
    case 'set':
      return new SetSeries(identity, step, points, room);
  }
}

/** How many places a series of the kind takes. */
export function placesOf(kind: LiveKind): number {
  return kind === 'timer' || kind === 'histogram' ? 2 : 1;
}
