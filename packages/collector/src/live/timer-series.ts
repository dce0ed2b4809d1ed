import type { Decoded } from '@afstatsd/core';
import type { LiveMemory } from './live-memory.js';
import { type Identity, LiveSeries, STEP_MS, STEP_S, rateNow } from './live-series.js';
import { Sketch } from './sketch.js';

/** The factor by which counts fade in a step. After a minute a third is left, so percentiles are of about the last minute. */
const FADE_PER_STEP = Math.exp(-STEP_MS / 60_000);
const SHARES = [0.5, 0.95, 0.99] as const;

export class TimerSeries extends LiveSeries {
  readonly places = 2;
  readonly #memory: LiveMemory;
  readonly #counts: number;
  readonly #percentiles: readonly number[];
  readonly #step = new Sketch();
  readonly #minute = new Sketch();

  constructor(identity: Identity, step: number, memory: LiveMemory) {
    super(identity, step);
    this.#memory = memory;
    this.#counts = memory.numbers.take();
    this.#percentiles = SHARES.map(() => memory.percentiles.take());
  }

  add(metric: Decoded): void {
    if (metric.type !== 'timer') return;
    for (const value of metric.values) {
      if (!Number.isFinite(value)) continue;
      this.#step.add(value, 1 / metric.rate);
      this.#minute.add(value, 1 / metric.rate);
    }
  }

  end(step: number): void {
    const { numbers, percentiles } = this.#memory;
    numbers.set(this.#counts, step, this.#step.count);
    for (const [at, row] of this.#percentiles.entries())
      percentiles.set(row, step, this.#step.quantile(SHARES[at]!));
    this.#step.clear();
    this.#minute.fade(FADE_PER_STEP);
  }

  now(step: number, done: number): number[] {
    const before = this.#memory.numbers.get(this.#counts, step - 1);
    const rate = rateNow(before, this.#step.count, done, step - this.born);
    return [rate, ...SHARES.map((share) => this.#minute.quantile(share))];
  }

  at(step: number): number[] {
    const { numbers, percentiles } = this.#memory;
    return [
      numbers.get(this.#counts, step) / STEP_S,
      ...this.#percentiles.map((row) => percentiles.get(row, step)),
    ];
  }

  release(): void {
    this.#memory.numbers.give(this.#counts);
    for (const row of this.#percentiles) this.#memory.percentiles.give(row);
  }

  override begin(like: LiveSeries): void {
    if (!(like instanceof TimerSeries)) return;
    this.#memory.numbers.copy(like.#counts, this.#counts);
    for (const [at, row] of this.#percentiles.entries())
      this.#memory.percentiles.copy(like.#percentiles[at]!, row);
    this.#step.copy(like.#step);
    this.#minute.copy(like.#minute);
  }
}
