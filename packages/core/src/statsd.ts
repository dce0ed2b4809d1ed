import type { BoundCounter, BoundGauge, BoundSet, BoundTimer } from './bound.js';
import { describe } from './describe.js';
import type { FlushResult } from './flusher.js';
import { type Combine, isCombine } from './gauge-callbacks.js';
import type { CallOptions } from './intake.js';
import type { Counter } from './metric/counter.js';
import type { Gauge } from './metric/gauge.js';
import type { UniqueSet } from './metric/set.js';
import { type Timer, startMeasuring } from './metric/timer.js';
import { MAX_DELAY, type StatsdOptions } from './options.js';
import { Pipeline } from './pipeline.js';
import type { Stats } from './stats.js';
import type { Transport } from './transport/transport.js';
import { counted, timed } from './wrap.js';

/** One metric's name, or several that get the same sample. */
export type Names = string | readonly string[];

/** How a gauge callback is read. `combine` says what several under one name make together; default `sum`. */
export interface GaugeCallbackOptions {
  readonly combine?: Combine;
}

/** How long `flush` and `shutdown` wait, in ms. Default 1,000. */
export interface FlushOptions {
  readonly timeout?: number;
}

const DEFAULT_TIMEOUT = 1_000;

/**
 * Records counters, gauges, timers and sets, and sends them aggregated, every 20 seconds by default.
 *
 * Every method works when it is taken off the object (`const { increment } = Statsd`). None of those that record throws:
 * bad input is refused, counted in `stats().rejected`, and reported once per kind. `options` of a call is a sample rate
 * in (0, 1], as a number or as `{ sampleRate }`; since samples are aggregated, each call counts in full whatever its rate.
 *
 * Names have 1 to 512 bytes; `::` becomes `.`, and `:`, `|`, `@` and control characters become `_`.
 *
 * @example
 * ```js
 * const { StatsdClient, MemoryTransport } = require('@afstatsd/core');
 * const statsd = new StatsdClient({ transport: new MemoryTransport(), prefix: 'shop' });
 * statsd.increment('orders');
 * ```
 */
export class StatsdClient {
  readonly #pipeline: Pipeline;
  // Keyed by what callers pass: an array, or bad input, is simply not found.
  readonly #counters: ReadonlyMap<unknown, Counter>;
  readonly #gauges: ReadonlyMap<unknown, Gauge>;
  readonly #timers: ReadonlyMap<unknown, Timer>;
  readonly #sets: ReadonlyMap<unknown, UniqueSet>;

  /** @throws TypeError that names the option and the value, for an option that can't be used. */
  constructor(options: StatsdOptions = {}) {
    this.#pipeline = new Pipeline(options);
    const { counters, gauges, timers, sets } = this.#pipeline.registry;
    this.#counters = counters;
    this.#gauges = gauges;
    this.#timers = timers;
    this.#sets = sets;
  }

  /** Adds 1 to a counter. */
  readonly increment = (name: Names, options?: CallOptions): void => {
    const counter = options === undefined ? this.#counters.get(name) : undefined;
    if (counter === undefined) this.#pipeline.intake.count(name, 1, options);
    else counter.add(1);
  };

  /** Subtracts 1 from a counter. */
  readonly decrement = (name: Names, options?: CallOptions): void => {
    const counter = options === undefined ? this.#counters.get(name) : undefined;
    if (counter === undefined) this.#pipeline.intake.count(name, -1, options);
    else counter.add(-1);
  };

  /** Adds `delta` to a counter: a finite number of at most 2^53 − 1 in magnitude, fractions included. Sums are rounded when they are sent, and the remainder is carried. */
  readonly updateStats = (name: Names, delta: number, options?: CallOptions): void => {
    const counter = options === undefined ? this.#counters.get(name) : undefined;
    if (counter === undefined) this.#pipeline.intake.count(name, delta, options);
    else counter.add(delta);
  };

  /** Records a duration in ms, a finite number. It is sent with three decimals at most. */
  readonly timing = (name: Names, ms: number, options?: CallOptions): void => {
    const timer = options === undefined ? this.#timers.get(name) : undefined;
    if (timer === undefined) this.#pipeline.intake.time(name, ms, options);
    else timer.record(ms);
  };

  /** Adds a member to a set: a finite number, or a string of 1 to 512 bytes. The receiver counts distinct members. */
  readonly set = (name: Names, member: string | number, options?: CallOptions): void => {
    const set = options === undefined ? this.#sets.get(name) : undefined;
    if (set === undefined) this.#pipeline.intake.addToSet(name, member, options);
    else set.add(member);
  };

  readonly gauge: GaugeMethod = ((
    name: Names,
    value: number | (() => number),
    options?: CallOptions | GaugeCallbackOptions,
  ): (() => void) | undefined => {
    if (typeof value === 'function') return this.#gaugeCallback(name, value, options);
    const gauge = options === undefined ? this.#gauges.get(name) : undefined;
    if (gauge === undefined) this.#pipeline.intake.setGauge(name, value, options);
    else gauge.set(value);
    return undefined;
  }) as GaugeMethod;

  /**
   * A function that does what `fn` does, and times each call, to its return or throw or until its promise is settled.
   * `this`, arguments, result, error, name and length stay as they are. What isn't a function is given back.
   *
   * @example
   * ```js
   * const { Statsd } = require('@afstatsd/core');
   * const search = Statsd.time('search', async (words) => `found ${words}`);
   * search('shoes').then(console.log);
   * ```
   */
  readonly time = <F extends (...args: never) => unknown>(name: Names, fn: F, options?: CallOptions): F => {
    if (!this.#acceptsFunction('time', fn)) return fn;
    return timed(fn, (ms) => this.timing(name, ms, options));
  };

  /** A function that does what `fn` does, and counts each call. What isn't a function is given back. */
  readonly count = <F extends (...args: never) => unknown>(name: Names, fn: F, options?: CallOptions): F => {
    if (!this.#acceptsFunction('count', fn)) return fn;
    return counted(fn, () => this.increment(name, options));
  };

  /** A counter to hold on to: recording needs no look-up by name. It is never let go. */
  readonly createCounter = (name: string): BoundCounter => {
    const counter = this.#bind(name, (clean) => this.#pipeline.registry.counter(clean));
    return (
      counter ?? {
        increment: (delta = 1) => this.updateStats(name, delta),
        decrement: (delta = 1) => this.updateStats(name, typeof delta === 'number' ? -delta : delta),
      }
    );
  };

  /** A gauge to hold on to. */
  readonly createGauge = (name: string): BoundGauge => {
    const gauge = this.#bind(name, (clean) => this.#pipeline.registry.gauge(clean));
    return gauge ?? { set: (value) => this.gauge(name, value) };
  };

  /** A timer to hold on to. */
  readonly createTimer = (name: string): BoundTimer => {
    const timer = this.#bind(name, (clean) => this.#pipeline.registry.timer(clean));
    if (timer !== undefined) return timer;
    const record = (ms: number): void => this.timing(name, ms);
    return { record, start: () => startMeasuring(record) };
  };

  /** A set to hold on to. */
  readonly createSet = (name: string): BoundSet => {
    const set = this.#bind(name, (clean) => this.#pipeline.registry.set(clean));
    return set ?? { add: (member) => this.set(name, member) };
  };

  /**
   * Changes options; those that aren't named stay. At any time, with nothing lost: what is pending goes on by the new ones.
   *
   * @throws TypeError that names the option and the value, for an option that can't be used; nothing is changed then.
   */
  readonly configure = (options: StatsdOptions): void => this.#pipeline.configure(options);

  /** Sends elsewhere from now on, also what is pending. The old transport is closed. Throws as `configure` does. */
  readonly setTransport = (transport: Transport | string): void => this.configure({ transport });

  /** Whether samples wait for the interval (true), or leave at each call. Throws a TypeError for what isn't a boolean. */
  readonly setAggregation = (on: boolean): void => {
    if (typeof on !== 'boolean')
      throw new TypeError(`setAggregation takes true or false; it got ${describe(on)}`);
    this.#pipeline.aggregating = on;
  };

  /** Whether samples are aggregated. Without `setAggregation` they are when the interval isn't 0. */
  get aggregating(): boolean {
    return this.#pipeline.aggregating;
  }

  set aggregating(on: boolean) {
    this.setAggregation(on);
  }

  /**
   * Sends what is pending. Resolves as soon as all of it has left, the transport is unavailable, or the timeout is over;
   * never rejects. Until then the process stays alive.
   */
  readonly flush = (options?: FlushOptions): Promise<FlushResult> =>
    this.#pipeline.flush(this.#timeout(options));

  /**
   * Sends what is pending, as `flush` does, and ends the client: what couldn't leave is dropped, and later calls are
   * counted as rejected. Called again, it returns the same promise.
   */
  readonly shutdown = (options?: FlushOptions): Promise<FlushResult> =>
    this.#pipeline.shutdown(this.#timeout(options));

  /** What became of every sample so far. */
  readonly stats = (): Stats => this.#pipeline.stats();

  #gaugeCallback(name: Names, read: () => number, options: unknown): () => void {
    const { intake, callbacks, registry } = this.#pipeline;
    const combine = (options as GaugeCallbackOptions | undefined)?.combine ?? 'sum';
    const clean = intake.name(name);
    if (clean === undefined) return () => {};
    if (!isCombine(combine)) {
      intake.refuse('combine', () => `combine is sum, max or last, not ${describe(combine)}`);
      return () => {};
    }
    if (callbacks.count >= registry.maxMetrics) {
      intake.refuse('callbacks', () => `there are ${callbacks.count} gauge callbacks (maxMetrics)`);
      return () => {};
    }
    if (this.#pipeline.isShutDown) {
      intake.refuse('shutdown', () => `gauge ${clean} was given a callback after shutdown`);
      return () => {};
    }
    this.#pipeline.start();
    return callbacks.add(clean, read, combine);
  }

  #bind<M extends { bound: boolean }>(name: unknown, find: (clean: string) => M | undefined): M | undefined {
    const clean = this.#pipeline.intake.name(name);
    const metric = clean === undefined ? undefined : find(clean);
    if (metric !== undefined) metric.bound = true;
    return metric;
  }

  #acceptsFunction(method: string, fn: unknown): boolean {
    if (typeof fn === 'function') return true;
    this.#pipeline.intake.refuse(method, () => `${method} takes a function, not ${describe(fn)}`);
    return false;
  }

  #timeout(options: FlushOptions | undefined): number {
    const timeout: unknown = options?.timeout ?? DEFAULT_TIMEOUT;
    if (typeof timeout === 'number' && timeout >= 0) return Math.min(timeout, MAX_DELAY);
    this.#pipeline.intake.refuse('timeout', () => `a timeout is a number of ms, not ${describe(timeout)}`);
    return DEFAULT_TIMEOUT;
  }
}

/** The two ways of `gauge`. */
export interface GaugeMethod {
  /** Sets a gauge: the last finite number before a flush is what is sent, with the time at which it was set. */
  (name: Names, value: number, options?: CallOptions): void;
  /**
   * Has a gauge read at every flush, until the function that this returns is called. A callback that throws, or returns
   * what isn't a finite number, is reported once, and leaves the gauge alone.
   */
  (name: string, read: () => number, options?: GaugeCallbackOptions): () => void;
}
