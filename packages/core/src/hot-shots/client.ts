import { Pipeline } from '../client/pipeline.js';
import { now } from '../host/clock.js';
import { SURROUNDINGS } from '../host/surroundings.js';
import type { Metric } from '../metric/metric.js';
import type { Timer } from '../metric/timer.js';
import type { Family } from '../record/registry.js';
import { describe } from '../text/describe.js';
import type { Tag } from '../text/tags.js';
import { eventLine, secondsOf, serviceCheckLine } from '../wire/event.js';
import { CARDINALITY_TAG } from '../wire/origin-fields.js';
import { tagSection } from '../wire/tag-section.js';
import { type Rest, readCount, readRest } from './arguments.js';
import type { MockLines } from './line-stream.js';
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
  type Tags,
  type TimerContext,
  readArguments,
} from './options.js';
import { type Endpoint, endpointOf, settingsOf } from './settings.js';
import { datadogTags, overrideTags, readTags, singleTags } from './tags.js';

/** What a client shares with its children. */
interface Shared {
  readonly pipeline: Pipeline;
  readonly mock: MockLines | undefined;
  readonly isImmediate: boolean;
  readonly endpoint: Endpoint;
}

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

type Kind = 'counters' | 'gauges' | 'timers' | 'sets' | 'histograms' | 'distributions';

const TYPES: Readonly<Record<Kind, string>> = {
  counters: 'c',
  gauges: 'g',
  timers: 'ms',
  sets: 's',
  histograms: 'h',
  distributions: 'd',
};

/** The states of a check. */
const CHECKS: DatadogChecks = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 };

/** A call, with its arguments read. */
interface Call extends Rest {
  readonly kind: Kind;
  readonly value: unknown;
  /** The value is a change of a gauge. */
  readonly isChange?: boolean;
}

/** A metric's name, or several that get the same sample. */
type Stat = string | readonly string[];

/** A function that is timed, which gets a context behind its arguments. */
type Timed<P extends unknown[], R> = (...args: [...P, TimerContext]) => R;

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
  /** Metrics without tags of their own, by kind and name as it is given. */
  readonly #plain: Record<Kind, Map<string, Metric>> = {
    counters: new Map(),
    gauges: new Map(),
    timers: new Map(),
    sets: new Map(),
    histograms: new Map(),
    distributions: new Map(),
  };

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
      this.#tags = withDatadog ? replaced(first.tags, singleTags(env, this.telegraf)) : first.tags;
    } else {
      this.#shared = makeShared(options);
      const own = readTags(options.globalTags ?? options.global_tags, this.telegraf);
      this.#tags = withDatadog
        ? replaced(overrideTags(own, datadogTags(env, this.telegraf)), singleTags(env, this.telegraf))
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
    this.globalTags = this.#tags.map(([key, value]) => (value === '' ? key : `${key}:${value}`));
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
    this.#record(stat, { kind: 'counters', value, ...rest });
  }

  /** Subtracts `value`, 1 by default, from a counter. */
  decrement(stat: Stat, ...args: CountRest): void {
    const { value, rest } = readCount(args);
    this.#record(stat, { kind: 'counters', value: negative(value), ...rest });
  }

  /** Records a duration in ms, or the time since a Date. */
  timing(stat: Stat, value: number | Date, ...args: CallRest): void {
    const ms = value instanceof Date ? Date.now() - value.getTime() : value;
    this.#record(stat, { kind: 'timers', value: ms, ...readRest(args) });
  }

  /** Records a value of a histogram. */
  histogram(stat: Stat, value: number, ...args: CallRest): void {
    this.#record(stat, { kind: 'histograms', value, ...readRest(args) });
  }

  /** Records a value of a distribution. */
  distribution(stat: Stat, value: number, ...args: CallRest): void {
    this.#record(stat, { kind: 'distributions', value, ...readRest(args) });
  }

  /** Sets a gauge. */
  gauge(stat: Stat, value: number, ...args: CallRest): void {
    this.#record(stat, { kind: 'gauges', value, ...readRest(args) });
  }

  /** Changes a gauge. */
  gaugeDelta(stat: Stat, value: number, ...args: CallRest): void {
    this.#record(stat, { kind: 'gauges', value, isChange: true, ...readRest(args) });
  }

  /** Adds a member to a set. */
  set(stat: Stat, value: string | number, ...args: CallRest): void {
    this.#record(stat, { kind: 'sets', value, ...readRest(args) });
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
      const { context, end } = this.#measure('timers', stat, args);
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
    return this.#asyncTimer('timers', func, stat, args);
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
    return this.#asyncTimer('distributions', func, stat, args);
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
    this.#takeLine(() => {
      const fields = {
        date: options?.date_happened,
        hostname: options?.hostname,
        aggregationKey: options?.aggregation_key,
        priority: options?.priority,
        sourceType: options?.source_type_name,
        alertType: options?.alert_type,
      };
      const written = this.#tagsOf(tags);
      const { naming } = this.#shared.pipeline;
      const name = `${this.prefix}${title ?? ''}${this.suffix}`;
      const body: unknown = text || title || '';
      const line = eventLine(name, String(body), fields, written, naming);
      return line + cardinalityField(options?.cardinality);
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
    this.#takeLine(() => {
      const fields = { date: options?.date_happened, hostname: options?.hostname, message: options?.message };
      const { naming } = this.#shared.pipeline;
      const full = `${this.prefix}${name}${this.suffix}`;
      return serviceCheckLine(full, status, fields, this.#tagsOf(tags), naming);
    }, callback);
  }

  /** Sends what waits, and calls back when it has left or nobody is there. */
  flush(callback?: StatsCb): void {
    this.#afterFlush(callback ?? (() => {}));
  }

  /** Sends what waits, and ends the client with its parent and its children. */
  close(callback?: (error?: Error) => void): void {
    void this.#shared.pipeline.life.shutdown(CLOSE_MS).then(() => callback?.());
  }

  #record(stat: Stat, call: Call): void {
    const { pipeline, isImmediate } = this.#shared;
    const before = isImmediate ? pipeline.stats().transport.bytes : 0;
    try {
      for (const name of Array.isArray(stat) ? (stat as string[]) : [stat as string]) this.#one(name, call);
    } catch (error) {
      pipeline.intake.refuseThrown(error);
    }
    const { callback } = call;
    if (callback === undefined) return;
    if (!isImmediate || this.#shared.mock !== undefined) process.nextTick(callback, null, 0);
    else this.#afterFlush(callback, before);
  }

  #one(name: string, call: Call): void {
    if (call.timestamp !== undefined && !this.telegraf) this.#timed(name, call);
    else this.#add(name, call);
  }

  /** A sample with a time of its own can't be added to others, so it is a line. */
  #timed(name: string, { kind, value, tags, timestamp, cardinality }: Call): void {
    const seconds = secondsOf(timestamp);
    const time = seconds === undefined ? '' : `|T${seconds}`;
    const identity = this.#identity(name, this.#tagsOf(tags));
    if (identity === undefined) return;
    const { pipeline } = this.#shared;
    const section = tagSection(identity, pipeline.naming);
    pipeline.life.takeLine(
      `${identity.name}:${String(value)}|${TYPES[kind]}${time}${section}${cardinalityField(cardinality)}`,
      `a sample of ${identity.name}`,
    );
  }

  #add(name: string, call: Call): void {
    const { kind, tags, cardinality = this.#options.cardinality, isChange = false } = call;
    const value = kind === 'sets' ? call.value : Number(call.value);
    const isPlain = tags === undefined && cardinality === undefined;
    const { intake, registry } = this.#shared.pipeline;
    const family = registry[kind] as Family<Metric>;
    let metric = isPlain ? this.#plain[kind].get(name) : undefined;
    if (metric === undefined) {
      const own = this.#tagsOf(tags);
      const identity = this.#identity(
        name,
        cardinality === undefined || this.telegraf ? own : [...own, [CARDINALITY_TAG, cardinality]],
      );
      if (identity === undefined) return;
      if (!family.kind.accepts(value)) {
        registry.rejected(family.kind.sample, identity.name, call.value);
        return;
      }
      metric = intake.metric(family, identity);
      if (metric === undefined) return;
      if (isPlain) this.#remember(kind, name, metric);
    }
    this.#addTo(metric, kind, value, isChange, call.sampleRate ?? this.sampleRate);
  }

  #addTo(metric: Metric, kind: Kind, value: unknown, isChange: boolean, rate: number): void {
    const { recorder } = this.#shared.pipeline;
    if (kind === 'counters') recorder.addTo(metric as never, value as number, rate);
    else if (kind === 'gauges') setGauge(metric as never, value as number, isChange);
    else if (kind === 'sets') (metric as unknown as { add(member: unknown): void }).add(value);
    else recorder.recordIn(metric as Timer, value as number, rate);
  }

  #remember(kind: Kind, name: string, metric: Metric): void {
    const known = this.#plain[kind];
    if (known.size >= this.#shared.pipeline.registry.maxMetrics) known.clear();
    known.set(name, metric);
  }

  /** One identity for all orders of the same tags. They are written in the order of the first call. */
  #identity(name: string, tags: readonly Tag[]): ReturnType<Pipeline['intake']['identityBy']> {
    const canonical = [...tags].sort(([a, x], [b, y]) => (a < b || (a === b && x < y) ? -1 : 1));
    const { intake } = this.#shared.pipeline;
    const identity = intake.identityBy(this.prefix, `${name}${this.suffix}`, () => canonical);
    return identity && { ...identity, tags };
  }

  #tagsOf(tags: Tags | undefined): readonly Tag[] {
    return tags === undefined ? this.#tags : overrideTags(this.#tags, readTags(tags, this.telegraf));
  }

  #asyncTimer<P extends unknown[], R>(
    kind: 'timers' | 'distributions',
    func: Timed<P, Promise<R>>,
    stat: Stat,
    args: readonly unknown[],
  ): (...args: P) => Promise<R> {
    return (...given) => {
      const { context, end } = this.#measure(kind, stat, args);
      const promise = func(...given, context);
      promise.then(end, end);
      return promise;
    };
  }

  #measure(
    kind: 'timers' | 'distributions',
    stat: Stat,
    args: readonly unknown[],
  ): { context: TimerContext; end: () => void } {
    const added: string[] = [];
    const addTags = (tags: Tags): void => {
      for (const [key, value] of readTags(tags, this.telegraf))
        added.push(value === '' ? key : `${key}:${value}`);
    };
    const begin = now();
    const end = (): void => {
      const value = now() - begin;
      const rest = readRest(args);
      const tags = added.length === 0 ? rest.tags : [...textsOf(rest.tags, this.telegraf), ...added];
      this.#record(stat, { kind, value, ...rest, tags });
    };
    return { context: { addTags }, end };
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

  #takeLine(write: () => string, callback: StatsCb | undefined): void {
    const { pipeline, mock } = this.#shared;
    try {
      const line = write();
      pipeline.life.takeLine(line, describe(line));
    } catch (error) {
      pipeline.intake.refuseThrown(error);
    }
    if (callback === undefined) return;
    if (mock !== undefined) process.nextTick(callback, null, 0);
    else this.#afterFlush(callback);
  }

  #afterFlush(callback: StatsCb, before: number = this.#shared.pipeline.stats().transport.bytes): void {
    const { pipeline } = this.#shared;
    void pipeline.life.flush(CLOSE_MS).then(({ pending }) => {
      const { events, transport } = pipeline.stats();
      if (pending === 0 && events.pending === 0) callback(null, transport.bytes - before);
      else callback(new Error(`Error sending hot-shots message: ${transport.detail}`));
    });
  }
}

/** How long `flush` and `close` wait, in ms. */
const CLOSE_MS = 1000;

/** Chance is asked for at each call, because tests of programs that used hot-shots replace `Math.random`. */
const WITH_CHANCE = { ...SURROUNDINGS, random: (): number => Math.random() };

function makeShared(options: ClientOptions): Shared {
  const endpoint = endpointOf(options, process.env);
  const { options: own, mock, isImmediate } = settingsOf(options, endpoint, process.env);
  return { pipeline: new Pipeline(own, WITH_CHANCE), mock, isImmediate, endpoint };
}

function negative(value: unknown): unknown {
  return typeof value === 'symbol' ? value : -Number(value);
}

function dotted(text: string, where: 'start' | 'end'): string {
  if (text === '') return '';
  if (where === 'end') return text.endsWith('.') ? text : `${text}.`;
  return text.startsWith('.') ? text : `.${text}`;
}

/** Tags without those of these keys, and then these. */
function replaced(tags: readonly Tag[], by: readonly Tag[]): readonly Tag[] {
  if (by.length === 0) return tags;
  return [...tags.filter(([key]) => !by.some(([other]) => other === key)), ...by];
}

function textsOf(tags: Tags | undefined, telegraf: boolean): string[] {
  return readTags(tags, telegraf).map(([key, value]) => (value === '' ? key : `${key}:${value}`));
}

function cardinalityField(cardinality: string | undefined): string {
  return cardinality === undefined ? '' : `|card:${cardinality}`;
}

/** A value that waits is changed. Of one that has left, the change is sent, because others may have set the gauge since. */
function setGauge(
  gauge: {
    readonly calls: number;
    readonly value: number;
    readonly change: number | undefined;
    set(value: number): void;
    changeBy(change: number, value: number): void;
  },
  value: number,
  isChange: boolean,
): void {
  if (!isChange) gauge.set(value);
  else if (gauge.calls > 0 && gauge.change === undefined) gauge.set(gauge.value + value);
  else gauge.changeBy(value, gauge.value + value);
}
