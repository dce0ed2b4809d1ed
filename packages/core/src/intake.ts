import { describe } from './describe.js';
import type { Ledger } from './ledger.js';
import { Counter } from './metric/counter.js';
import { Gauge } from './metric/gauge.js';
import { UniqueSet } from './metric/set.js';
import { Timer } from './metric/timer.js';
import type { Metric } from './metric/metric.js';
import { cleanName, nameProblem } from './name.js';
import type { Registry } from './registry.js';
import type { Report } from './report.js';

/** How one call is recorded. A number is a sample rate. */
export type CallOptions = number | { readonly sampleRate?: number };

/**
 * The way in for calls that aren't the plain case: a new name, several names, options, bad input. Whatever is wrong
 * with a call, it is refused, counted and reported once per kind, and nothing is thrown.
 */
export class Intake {
  readonly #registry: Registry;
  readonly #ledger: Ledger;
  readonly #report: Report;

  constructor(registry: Registry, ledger: Ledger, report: Report) {
    this.#registry = registry;
    this.#ledger = ledger;
    this.#report = report;
  }

  count(names: unknown, delta: number, options: unknown): void {
    this.#each(Counter, delta, names, options, (name) =>
      this.#kept(this.#registry.counter(name))?.add(delta),
    );
  }

  setGauge(names: unknown, value: number, options: unknown): void {
    this.#each(Gauge, value, names, options, (name) => this.#kept(this.#registry.gauge(name))?.set(value));
  }

  time(names: unknown, ms: number, options: unknown): void {
    this.#each(Timer, ms, names, options, (name) => this.#kept(this.#registry.timer(name))?.record(ms));
  }

  addToSet(names: unknown, member: string | number, options: unknown): void {
    this.#each(UniqueSet, member, names, options, (name) =>
      this.#kept(this.#registry.set(name))?.add(member),
    );
  }

  /** The name that a metric gets, or undefined after a refusal. */
  name(name: unknown): string | undefined {
    const problem = nameProblem(name);
    if (problem !== undefined) {
      this.refuse(`name ${problem}`, () => `a name ${problem}: ${describe(name)}`);
      return undefined;
    }
    const clean = cleanName(name as string);
    if (clean !== name) {
      this.#report.once(
        'name',
        () => `name ${describe(name)} can't be sent as it is; it becomes ${describe(clean)}`,
      );
    }
    return clean;
  }

  /** Counts a refused call. */
  refuse(kind: string, text: () => string): void {
    this.#ledger.rejected++;
    this.#report.once(kind, () => `${text()}; the call is refused`);
  }

  #each(
    kind: { readonly sample: string; accepts(value: unknown): boolean },
    value: unknown,
    names: unknown,
    options: unknown,
    record: (name: string) => void,
  ): void {
    try {
      if (!this.#accepts(options)) return;
      for (const name of Array.isArray(names) ? (names as unknown[]) : [names]) {
        const clean = this.name(name);
        if (clean === undefined) continue;
        // Before the metric is made: a refused value takes no place.
        if (kind.accepts(value)) record(clean);
        else this.#registry.rejected(kind.sample, clean, value);
      }
    } catch (error) {
      // A getter or a Proxy of the caller's has thrown.
      this.refuse('call', () => `a call's arguments threw ${describe(String(error))}`);
    }
  }

  #accepts(options: unknown): boolean {
    if (options === undefined) return true;
    if (typeof options === 'number') return this.#acceptsRate(options);
    if (typeof options !== 'object' || options === null) {
      this.refuse('options', () => `options are a sample rate or an object, not ${describe(options)}`);
      return false;
    }
    const { sampleRate } = options as { sampleRate?: unknown };
    return sampleRate === undefined || this.#acceptsRate(sampleRate);
  }

  #acceptsRate(rate: unknown): boolean {
    if (typeof rate === 'number' && rate > 0 && rate <= 1) return true;
    this.refuse(
      'rate',
      () =>
        `a sample rate is a number above 0 and up to 1, not ${describe(rate)} (updateStats takes a delta)`,
    );
    return false;
  }

  #kept<M extends Metric>(metric: M | undefined): M | undefined {
    if (metric === undefined) this.#ledger.dropped.cardinality++;
    return metric;
  }
}
