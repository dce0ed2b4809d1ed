import type { Surroundings } from '../host/surroundings.js';
import { Counter } from '../metric/counter.js';
import type { Timer } from '../metric/timer.js';
import type { MetricView, ValueKind } from '../metric/view.js';
import type { Family } from './family.js';
import type { Intake } from './intake.js';
import type { Lookup } from './lookup.js';
import type { Registry } from './registry.js';
import type { Scope } from './scope.js';

/**
 * The fate of a call with a sample rate below 1.
 *
 * - `sent`: it has left in a message of its own.
 * - `left out`: it isn't recorded.
 * - `kept`: it was chosen, but couldn't leave now. It is recorded, and also stands for calls that were left out.
 * - `record`: it is recorded as a call without a rate, because samples are aggregated.
 */
export type Sampled = 'sent' | 'left out' | 'kept' | 'record';

/** Records calls that the look-up doesn't know, by kind. */
export class Recorder {
  readonly #registry: Registry;
  readonly #intake: Intake;
  readonly #random: () => number;
  readonly #sample: (rate: number, view: () => MetricView) => Sampled;

  /** @param sample - decides the fate of a call with a sample rate. While samples are aggregated it returns `record`. */
  constructor(
    registry: Registry,
    intake: Intake,
    { random }: Pick<Surroundings, 'random'>,
    sample: (rate: number, view: () => MetricView) => Sampled,
  ) {
    this.#registry = registry;
    this.#intake = intake;
    this.#random = random;
    this.#sample = sample;
  }

  // `extra` is an argument after the options of a call. It is checked only here, so that calls that the look-up knows pay nothing.

  count(scope: Scope, names: unknown, delta: number, options: unknown, extra?: unknown): void {
    this.#intake.noteExtra(extra, names);
    this.#intake.each(
      this.#registry.counters,
      scope,
      scope.counters,
      delta,
      names,
      options,
      (counter, rate) => this.addTo(counter, delta, rate),
    );
  }

  /** Adds to a counter that was found. */
  addTo(counter: Counter, delta: number, rate: number): void {
    const sampled =
      rate < 1 && this.#isOurs(counter)
        ? this.#sample(rate, () => sampledCount(counter, delta, rate, this.#random))
        : 'record';
    if (sampled === 'record') counter.add(delta);
    else if (sampled === 'kept') counter.add(Counter.accepts(delta / rate) ? delta / rate : delta);
  }

  /** Records a value of a timer that was found. */
  recordIn(timer: Timer, value: number, rate: number): void {
    const sampled =
      rate < 1 && this.#isOurs(timer)
        ? this.#sample(rate, () => sampledTiming(timer, value, rate))
        : 'record';
    if (sampled === 'record' || sampled === 'kept') timer.record(value);
  }

  time(scope: Scope, names: unknown, ms: number, options: unknown, extra?: unknown): void {
    this.#intake.noteExtra(extra, names);
    this.#values(this.#registry.timers, scope, scope.timers, ms, names, options);
  }

  /** A value of a histogram or a distribution. */
  addValue(
    as: ValueKind,
    scope: Scope,
    names: unknown,
    value: number,
    options: unknown,
    extra?: unknown,
  ): void {
    this.#intake.noteExtra(extra, names);
    const family = as === 'histogram' ? this.#registry.histograms : this.#registry.distributions;
    const lookup = as === 'histogram' ? scope.histograms : scope.distributions;
    this.#values(family, scope, lookup, value, names, options);
  }

  #values(
    family: Family<Timer>,
    scope: Scope,
    lookup: Lookup<Timer>,
    value: number,
    names: unknown,
    options: unknown,
  ): void {
    this.#intake.each(family, scope, lookup, value, names, options, (timer, rate) =>
      this.recordIn(timer, value, rate),
    );
  }

  /** Whether no rule denies the metric. */
  #isOurs(metric: Counter | Timer): boolean {
    return metric.owner === this.#registry;
  }

  /** A rate has no meaning for a gauge: every value counts. */
  setGauge(scope: Scope, names: unknown, value: number, options: unknown, extra?: unknown): void {
    this.#intake.noteExtra(extra, names);
    this.#intake.each(this.#registry.gauges, scope, scope.gauges, value, names, options, (gauge) =>
      gauge.set(value),
    );
  }

  /** A rate has no meaning for a set, either. */
  addToSet(scope: Scope, names: unknown, member: string | number, options: unknown, extra?: unknown): void {
    this.#intake.noteExtra(extra, names);
    this.#intake.each(this.#registry.sets, scope, scope.sets, member, names, options, (set) =>
      set.add(member),
    );
  }
}

function sampledCount(
  { name, tags, ascii }: Counter,
  delta: number,
  rate: number,
  random: () => number,
): MetricView {
  const whole = Number.isInteger(delta) ? delta : roundAtRandom(delta, random);
  return { kind: 'counter', name, tags, ascii, value: delta, whole, rate };
}

function sampledTiming({ name, tags, ascii, as }: Timer, ms: number, rate: number): MetricView {
  const samples = { values: Float64Array.of(ms), length: 1, exact: 0, rate };
  return { kind: 'timer', name, tags, ascii, samples, from: 0, ...(as && { as }) };
}

/** Rounds up or down at random, so that the mean of many results is the number itself. */
function roundAtRandom(value: number, random: () => number): number {
  return Math.floor(value + random());
}
