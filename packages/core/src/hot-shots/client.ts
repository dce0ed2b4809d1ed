import type { Tag } from '../text/tags.js';
import { readCount, readRest } from './arguments.js';
import { Calls, SENDING_MS, type Stat } from './calls.js';
import { checkOf, eventOf } from './event-lines.js';
import { type Timed, measure, timedPromise } from './measure.js';
import {
  type CallRest,
  type CheckOptions,
  type ChildClientOptions,
  type ClientOptions,
  type CountRest,
  type DatadogChecks,
  type EventOptions,
  MISSED,
  type StatsCb,
  readArguments,
} from './options.js';
import type { Endpoint } from './settings.js';
import { type Shared, makeShared } from './shared.js';
import { datadogTags, overrideTags, readTags, replaceTags, singleTags, textOf } from './tags.js';

/** A client that exists already, and what a child of it has of its own: the inside of a child. */
class Inherited {
  readonly shared: Shared;
  readonly options: ClientOptions;
  readonly tags: readonly Tag[];

  constructor(shared: Shared, options: ClientOptions, tags: readonly Tag[]) {
    this.shared = shared;
    this.options = options;
    this.tags = tags;
  }
}

/** The states of a check. */
const CHECKS: DatadogChecks = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 };

/**
 * hot-shots' client on ours: the same methods, arguments and options, so that `require('@afstatsd/core/hot-shots')` takes the
 * place of `require('hot-shots')`. `stat` is a metric's name, or several that get the same sample. Behind it and the `value`, or
 * the `func` that is timed, stand sample rate, tags and callback, each of which may be left out (`args`).
 *
 * Without `maxBufferSize` and `aggregation` each call leaves at once, as with hot-shots; with either, samples are aggregated.
 * Nothing that records throws, metrics wait while nobody listens, and the end of the process sends what waits.
 *
 * @example
 * ```js
 * const StatsD = require('@afstatsd/core/hot-shots');
 * const client = new StatsD({ prefix: 'shop', globalTags: { region: 'eu' }, mock: true });
 * client.increment('orders', 1, { method: 'card' });
 * console.log(client.mockBuffer); // [ 'shop.orders:1|c|#region:eu,method:card' ]
 * ```
 */
export class StatsD {
  /** The states of a check, by name. */
  readonly CHECKS: DatadogChecks = CHECKS;
  /** Where it sends to. */
  readonly host: string | undefined;
  /** The port of that host. */
  readonly port: number;
  /** How lines leave. */
  readonly protocol: Endpoint['protocol'];
  /** With its dot, or empty. */
  readonly prefix: string;
  /** With its dot, or empty. */
  readonly suffix: string;
  /** Whether lines are kept in place of sending them. */
  readonly mock: boolean | undefined;
  /** Whether lines have Telegraf's form. */
  readonly telegraf: boolean;
  /** The sample rate of calls that give none. */
  readonly sampleRate: number;
  /** Called with each problem. */
  readonly errorHandler: ((error: Error) => void) | undefined;
  /** The tags of each metric, as they are written. */
  readonly globalTags: string[];
  readonly #options: ClientOptions;
  readonly #shared: Shared;
  readonly #tags: readonly Tag[];
  readonly #calls: Calls;

  /**
   * Makes a client.
   *
   * @param options - All of them can be left out.
   * @throws TypeError that names the option, for one that can't be used.
   */
  constructor(options?: ClientOptions);
  /**
   * Makes a client, in the way of old versions.
   *
   * @param host - Where to send to.
   * @param port - Default 8125.
   * @param more - Prefix, suffix, globalize, cacheDns, mock, globalTags, maxBufferSize, bufferFlushInterval, telegraf, sampleRate and
   * protocol.
   */
  constructor(host: string, port?: number, ...more: unknown[]);
  constructor(...args: unknown[]) {
    const [first] = args;
    const { env } = process;
    const options = first instanceof Inherited ? first.options : readArguments(args);
    this.#options = options;
    this.telegraf = options.telegraf === true;
    this.prefix = dotted(options.prefix ?? '', 'end');
    this.suffix = dotted(options.suffix ?? '', 'start');
    this.mock = options.mock;
    this.errorHandler = options.errorHandler;
    const { sampleRate } = options;
    this.sampleRate = typeof sampleRate === 'number' && sampleRate > 0 && sampleRate <= 1 ? sampleRate : 1;
    const withDatadog = options.includeDataDogTags !== false;
    if (first instanceof Inherited) {
      this.#shared = first.shared;
      this.#tags = withDatadog ? replaceTags(first.tags, singleTags(env, this.telegraf)) : first.tags;
    } else {
      this.#shared = makeShared(options);
      const own = readTags(options.globalTags ?? options.global_tags, this.telegraf);
      this.#tags = withDatadog
        ? replaceTags(overrideTags(own, datadogTags(env, this.telegraf)), singleTags(env, this.telegraf))
        : own;
      if (options.globalize === true) (globalThis as { statsd?: StatsD }).statsd = this;
      for (const name of MISSED) {
        if (options[name] === undefined) continue;
        this.#shared.pipeline.warnOnce(
          `hot-shots ${name}`,
          () => `option ${name} of hot-shots has no effect; see docs/hot-shots.md`,
        );
      }
    }
    const { endpoint } = this.#shared;
    ({ host: this.host, port: this.port, protocol: this.protocol } = endpoint);
    this.globalTags = this.#tags.map(textOf);
    this.#calls = new Calls({
      shared: this.#shared,
      prefix: this.prefix,
      suffix: this.suffix,
      tags: this.#tags,
      telegraf: this.telegraf,
      sampleRate: this.sampleRate,
      cardinality: first instanceof Inherited ? options.cardinality : undefined,
    });
  }

  /** The lines of a client with the option `mock`, of which the app may remove some. */
  get mockBuffer(): string[] | undefined {
    return this.#shared.mock?.lines;
  }

  set mockBuffer(lines: string[] | undefined) {
    if (this.#shared.mock !== undefined) this.#shared.mock.lines = lines ?? [];
  }

  /** A client with more tags, whose names stand between a prefix and a suffix more. It shares everything else. */
  childClient(options: ChildClientOptions = {}): StatsD {
    const { errorHandler = this.errorHandler, cardinality = this.#options.cardinality } = options;
    const own: ClientOptions = {
      ...this.#options,
      ...(errorHandler && { errorHandler }),
      ...(cardinality && { cardinality }),
      prefix: dotted(options.prefix ?? '', 'end') + this.prefix,
      suffix: this.suffix + dotted(options.suffix ?? '', 'start'),
    };
    const shared = this.mock === true ? makeShared(this.#options) : this.#shared;
    const tags = overrideTags(this.#tags, readTags(options.globalTags, this.telegraf));
    return new StatsD(new Inherited(shared, own, tags) as ClientOptions);
  }

  /** Adds `value`, 1 by default, to a counter. */
  increment(stat: Stat, ...args: CountRest): void {
    const { value, rest } = readCount(args);
    this.#calls.record(stat, { kind: 'counters', value, ...rest });
  }

  /** Subtracts `value`, 1 by default, from a counter. */
  decrement(stat: Stat, ...args: CountRest): void {
    const { value, rest } = readCount(args);
    this.#calls.record(stat, { kind: 'counters', value: negative(value), ...rest });
  }

  /** Records a duration in ms, or the time since a Date. */
  timing(stat: Stat, value: number | Date, ...args: CallRest): void {
    const ms = value instanceof Date ? Date.now() - value.getTime() : value;
    this.#calls.record(stat, { kind: 'timers', value: ms, ...readRest(args) });
  }

  /** Records a value of a histogram. */
  histogram(stat: Stat, value: number, ...args: CallRest): void {
    this.#calls.record(stat, { kind: 'histograms', value, ...readRest(args) });
  }

  /** Records a value of a distribution. */
  distribution(stat: Stat, value: number, ...args: CallRest): void {
    this.#calls.record(stat, { kind: 'distributions', value, ...readRest(args) });
  }

  /** Sets a gauge. */
  gauge(stat: Stat, value: number, ...args: CallRest): void {
    this.#calls.record(stat, { kind: 'gauges', value, ...readRest(args) });
  }

  /** Changes a gauge. */
  gaugeDelta(stat: Stat, value: number, ...args: CallRest): void {
    this.#calls.record(stat, { kind: 'gauges', value, isChange: true, ...readRest(args) });
  }

  /** Adds a member to a set. */
  set(stat: Stat, value: string | number, ...args: CallRest): void {
    this.#calls.record(stat, { kind: 'sets', value, ...readRest(args) });
  }

  /** The same as `set`. */
  unique(stat: Stat, value: string | number, ...args: CallRest): void {
    this.set(stat, value, ...args);
  }

  /** A function that does what `func` does, and times each call until it returns or throws. */
  timer<P extends unknown[], R>(func: Timed<P, R>, stat: Stat, ...args: CallRest): (...args: P) => R;
  timer<P extends unknown[], R>(func: (...args: P) => R, stat: Stat, ...args: CallRest): (...args: P) => R;
  timer<P extends unknown[], R>(func: Timed<P, R>, stat: Stat, ...args: CallRest): (...args: P) => R {
    return (...given) => {
      const { context, end } = measure(this.#calls, 'timers', stat, args, this.telegraf);
      try {
        return func(...given, context);
      } finally {
        end();
      }
    };
  }

  /** A function that does what `func` does, and times each call until its promise is settled. */
  asyncTimer<P extends unknown[], R>(
    func: Timed<P, Promise<R>>,
    stat: Stat,
    ...args: CallRest
  ): (...args: P) => Promise<R>;
  asyncTimer<P extends unknown[], R>(
    func: (...args: P) => Promise<R>,
    stat: Stat,
    ...args: CallRest
  ): (...args: P) => Promise<R>;
  asyncTimer<P extends unknown[], R>(
    func: Timed<P, Promise<R>>,
    stat: Stat,
    ...args: CallRest
  ): (...args: P) => Promise<R> {
    return timedPromise(this.#calls, 'timers', func, stat, args, this.telegraf);
  }

  /** The same as `asyncTimer`, but records a distribution. */
  asyncDistTimer<P extends unknown[], R>(
    func: Timed<P, Promise<R>>,
    stat: Stat,
    ...args: CallRest
  ): (...args: P) => Promise<R>;
  asyncDistTimer<P extends unknown[], R>(
    func: (...args: P) => Promise<R>,
    stat: Stat,
    ...args: CallRest
  ): (...args: P) => Promise<R>;
  asyncDistTimer<P extends unknown[], R>(
    func: Timed<P, Promise<R>>,
    stat: Stat,
    ...args: CallRest
  ): (...args: P) => Promise<R> {
    return timedPromise(this.#calls, 'distributions', func, stat, args, this.telegraf);
  }

  /**
   * Sends an event to a DogStatsD server.
   *
   * @param title - Its title, which gets prefix and suffix.
   * @param text - Its text. Default: the title.
   */
  event(title: string, text?: string, options?: EventOptions | null, ...args: CallRest): void {
    const { tags, callback } = readRest(args);
    if (this.#isRefused(callback)) return;
    this.#calls.takeLine((tagsOf, naming) => {
      const name = `${this.prefix}${title ?? ''}${this.suffix}`;
      return eventOf(name, text || title || '', options, tagsOf(tags), naming);
    }, callback);
  }

  /**
   * Sends a service check to a DogStatsD server.
   *
   * @param name - The name of what was checked, which gets prefix and suffix.
   * @param status - One of `CHECKS`.
   */
  check(name: string, status: number, options?: CheckOptions | null, ...args: CallRest): void {
    const { tags, callback } = readRest(args);
    if (this.#isRefused(callback)) return;
    this.#calls.takeLine((tagsOf, naming) => {
      const full = `${this.prefix}${name}${this.suffix}`;
      return checkOf(full, status, options, tagsOf(tags), naming);
    }, callback);
  }

  /** Sends what waits, and calls back when it has left or nobody is there. */
  flush(callback?: StatsCb): void {
    this.#calls.afterFlush(callback ?? (() => {}));
  }

  /** Sends what waits, and ends the client with its parent and its children. */
  close(callback?: (error?: Error) => void): void {
    void this.#shared.pipeline.life.shutdown(SENDING_MS).then(() => callback?.());
  }

  #isRefused(callback: StatsCb | undefined): boolean {
    if (!this.telegraf) return false;
    const error = new Error('Not supported by Telegraf / InfluxDB');
    if (callback !== undefined) callback(error);
    else if (this.errorHandler !== undefined) this.errorHandler(error);
    else {
      this.#shared.pipeline.warnOnce(
        'hot-shots telegraf',
        () => 'Telegraf has no events and no service checks',
      );
    }
    return true;
  }
}

function negative(value: unknown): unknown {
  return typeof value === 'symbol' ? value : -Number(value);
}

function dotted(text: string, where: 'start' | 'end'): string {
  if (text === '') return '';
  if (where === 'end') return text.endsWith('.') ? text : `${text}.`;
  return text.startsWith('.') ? text : `.${text}`;
}
