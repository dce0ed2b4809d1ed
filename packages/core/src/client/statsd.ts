import { counted } from '../call/wrap.js';
import { MAX_DELAY_MS } from '../host/timers.js';
import type { BoundCounter, BoundGauge, BoundSet, BoundTimer } from '../metric/bound.js';
import type { Counter } from '../metric/counter.js';
import type { Gauge } from '../metric/gauge.js';
import type { Metric } from '../metric/metric.js';
import type { UniqueSet } from '../metric/set.js';
import { type Timer, startMeasuring } from '../metric/timer.js';
import type { AggregateView } from '../metric/view.js';
import { type Caller, callerOf } from '../record/caller.js';
import { isCombine } from '../record/gauge-callbacks.js';
import type { CallOptions } from '../record/intake.js';
import type { Lookup } from '../record/lookup.js';
import type { RequestCalls } from '../record/request-calls.js';
import { requestTagsUse } from '../record/request-tags.js';
import type { Family } from '../record/family.js';
import type { Rules } from '../record/rules.js';
import { type Scope, childScope, rootScope } from '../record/scope.js';
import type { RuntimeOptions } from '../runtime/options.js';
import type { FlushResult } from '../send/flusher.js';
import { describe } from '../text/describe.js';
import type { Identity } from '../text/identity.js';
import { dotted } from '../text/name.js';
import { type Tags, isTagsObject } from '../text/tags.js';
import type { Transport } from '../transport/transport.js';
import type { Decoded } from '../wire/decoded.js';
import {
  type EventOptions,
  type ServiceCheckOptions,
  type ServiceState,
  readEvent,
  readServiceCheck,
} from './events.js';
import { type StatsdOptions, readNaming } from './options.js';
import { Pipeline } from './pipeline.js';
import { readRuntimeOptions } from './runtime-metrics.js';
import type {
  BoundOptions,
  ChildOptions,
  FlushOptions,
  GaugeCallbackOptions,
  GaugeMethod,
  Names,
  TimeMethod,
  WrapMethod,
} from './signatures.js';
import type { Stats } from './stats.js';
import { timedFunction } from './timed-function.js';

const DEFAULT_TIMEOUT = 1_000;
// Under a name of this module's own: an imported one is looked up at each call.
const use = requestTagsUse;

/** A pipeline that exists already, and a scope in it: the inside of a child client. */
class Within {
  readonly pipeline: Pipeline;
  readonly scope: Scope;

  constructor(pipeline: Pipeline, scope: Scope) {
    this.pipeline = pipeline;
    this.scope = scope;
  }
}

/** A client of a pipeline and scope that exist already. Without a scope it adds nothing to names and tags. */
export function clientOf(pipeline: Pipeline, scope: Scope = rootScope(pipeline.registry)): StatsdClient {
  return new StatsdClient(new Within(pipeline, scope) as StatsdOptions);
}

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
  readonly #scope: Scope;
  // By what callers pass: an array, or bad input, is simply not found.
  readonly #counters: Lookup<Counter>;
  readonly #gauges: Lookup<Gauge>;
  readonly #timers: Lookup<Timer>;
  readonly #sets: Lookup<UniqueSet>;
  readonly #histograms: Lookup<Timer>;
  readonly #distributions: Lookup<Timer>;

  /** @throws TypeError that names the option and the value, for an option that can't be used. */
  constructor(options: StatsdOptions = {}) {
    if (options instanceof Within) ({ pipeline: this.#pipeline, scope: this.#scope } = options);
    else {
      this.#pipeline = new Pipeline(options);
      this.#scope = rootScope(this.#pipeline.registry);
    }
    const { counters, gauges, timers, sets, histograms, distributions } = this.#scope;
    this.#counters = counters;
    this.#gauges = gauges;
    this.#timers = timers;
    this.#sets = sets;
    this.#histograms = histograms;
    this.#distributions = distributions;
  }

  /** Adds 1 to a counter. */
  readonly increment: (name: Names, options?: CallOptions) => void = (name, options, extra?: unknown) => {
    const counters = use.isOn ? this.#here.counters : this.#counters;
    const counter = options === undefined ? counters.byName.get(name) : counters.byTags(name, options);
    if (counter === undefined) this.#pipeline.recorder.count(this.#newHere, name, 1, options, extra);
    else counter.add(1);
  };

  /** Subtracts 1 from a counter. */
  readonly decrement: (name: Names, options?: CallOptions) => void = (name, options, extra?: unknown) => {
    const counters = use.isOn ? this.#here.counters : this.#counters;
    const counter = options === undefined ? counters.byName.get(name) : counters.byTags(name, options);
    if (counter === undefined) this.#pipeline.recorder.count(this.#newHere, name, -1, options, extra);
    else counter.add(-1);
  };

  /**
   * Adds `delta` to a counter: a finite number of at most 2^53 − 1 in magnitude, fractions included. A format without
   * decimals writes the sum rounded, and the remainder is carried into the next message.
   */
  readonly updateStats: (name: Names, delta: number, options?: CallOptions) => void = (
    name,
    delta,
    options,
    extra?: unknown,
  ) => {
    const counters = use.isOn ? this.#here.counters : this.#counters;
    const counter = options === undefined ? counters.byName.get(name) : counters.byTags(name, options);
    if (counter === undefined) this.#pipeline.recorder.count(this.#newHere, name, delta, options, extra);
    else counter.add(delta);
  };

  /** Records a duration in ms, a finite number. It is sent with three decimals at most. */
  readonly timing: (name: Names, ms: number, options?: CallOptions) => void = (
    name,
    ms,
    options,
    extra?: unknown,
  ) => {
    const timers = use.isOn ? this.#here.timers : this.#timers;
    const timer = options === undefined ? timers.byName.get(name) : timers.byTags(name, options);
    if (timer === undefined) this.#pipeline.recorder.time(this.#newHere, name, ms, options, extra);
    else timer.record(ms);
  };

  /**
   * Records a value of any unit, a finite number, such as a size. The formats `dogstatsd` and `influx` write it as a histogram
   * (`|h`), and so does the queue; in the others it is a timer. Our collector leaves its unit alone.
   *
   * @example
   * ```js
   * const { Statsd } = require('@afstatsd/core');
   * Statsd.histogram('upload.bytes', 52_114, { tags: { kind: 'image' } });
   * ```
   */
  readonly histogram: (name: Names, value: number, options?: CallOptions) => void = (
    name,
    value,
    options,
    extra?: unknown,
  ) => {
    const histograms = use.isOn ? this.#here.histograms : this.#histograms;
    const timer = options === undefined ? histograms.byName.get(name) : histograms.byTags(name, options);
    if (timer === undefined)
      this.#pipeline.recorder.addValue('histogram', this.#newHere, name, value, options, extra);
    else timer.record(value);
  };

  /** Records a value as `histogram` does, as DogStatsD's distribution (`|d`): Datadog summarises it over all hosts. */
  readonly distribution: (name: Names, value: number, options?: CallOptions) => void = (
    name,
    value,
    options,
    extra?: unknown,
  ) => {
    const distributions = use.isOn ? this.#here.distributions : this.#distributions;
    const timer =
      options === undefined ? distributions.byName.get(name) : distributions.byTags(name, options);
    if (timer === undefined)
      this.#pipeline.recorder.addValue('distribution', this.#newHere, name, value, options, extra);
    else timer.record(value);
  };

  /**
   * Sends an event of DogStatsD's. It leaves at once, or with the next flush, where the receiver reads DogStatsD: the format
   * `dogstatsd`, and our collector, which passes it on. Elsewhere it is dropped, which is said once. Of events that wait the
   * newest 1,000 are kept. They are counted in `stats().events`.
   *
   * @param title - Its title. The client's prefix isn't added.
   * @param text - Its text. Default: the title.
   * @example
   * ```js
   * const { Statsd } = require('@afstatsd/core');
   * Statsd.event('deployed', 'version 7 is live', { alertType: 'success', tags: { team: 'shop' } });
   * ```
   */
  readonly event: (title: string, text?: string, options?: EventOptions) => void = (title, text, options) =>
    this.#takeLine(`event ${describe(title)}`, (within) => readEvent(title, text, options, within));

  /**
   * Sends a service check of DogStatsD's, in the way of `event`.
   *
   * @param name - The name of what was checked. The client's prefix isn't added.
   * @param state - `ok`, `warning`, `critical` or `unknown`.
   * @example
   * ```js
   * const { Statsd } = require('@afstatsd/core');
   * Statsd.serviceCheck('database', 'critical', { message: 'no connection for 5 s' });
   * ```
   */
  readonly serviceCheck: (name: string, state: ServiceState, options?: ServiceCheckOptions) => void = (
    name,
    state,
    options,
  ) =>
    this.#takeLine(`service check ${describe(name)}`, (within) =>
      readServiceCheck(name, state, options, within),
    );

  /** Adds a member to a set: a finite number, or a string of 1 to 512 bytes. The receiver counts distinct members. */
  readonly set: (name: Names, member: string | number, options?: CallOptions) => void = (
    name,
    member,
    options,
    extra?: unknown,
  ) => {
    const sets = use.isOn ? this.#here.sets : this.#sets;
    const set = options === undefined ? sets.byName.get(name) : sets.byTags(name, options);
    if (set === undefined) this.#pipeline.recorder.addToSet(this.#newHere, name, member, options, extra);
    else set.add(member);
  };

  /** Sets a gauge, or has one read before a flush. */
  readonly gauge: GaugeMethod = ((
    name: Names,
    value: number | (() => number),
    options?: CallOptions | GaugeCallbackOptions,
    extra?: unknown,
  ): (() => void) | undefined => {
    if (typeof value === 'function') {
      // Here, because Bun takes the frame of this function off the stack with its last call.
      const caller = callerOf(this.gauge);
      return this.#gaugeCallback({ name, read: value, options, extra, caller });
    }
    const gauges = use.isOn ? this.#here.gauges : this.#gauges;
    const gauge = options === undefined ? gauges.byName.get(name) : gauges.byTags(name, options);
    if (gauge === undefined) this.#pipeline.recorder.setGauge(this.#newHere, name, value, options, extra);
    else gauge.set(value);
    return undefined;
  }) as GaugeMethod;

  /**
   * A function that does what `fn` does, and times each call: to its return or throw, until its promise is settled, or while
   * its generator or Observable runs.
   *
   * `this`, arguments, result, error, name and length stay as they are. What isn't a function is given back.
   *
   * @example
   * ```js
   * const { Statsd } = require('@afstatsd/core');
   * const search = Statsd.time('search', async (words) => `found ${words}`);
   * search('shoes').then(console.log);
   * ```
   */
  readonly time: TimeMethod = (name, fn, options, extra?: unknown) => {
    this.#pipeline.intake.noteExtra(extra, name);
    if (!this.#acceptsFunction('time', fn)) return fn;
    const { timing, warnOnce } = this;
    const noteBlocking = (names: Names): void => this.#pipeline.noteBlocking(names);
    return timedFunction({ timing, warnOnce, noteBlocking }, name, fn, options);
  };

  /** A function that does what `fn` does, and counts each call. What isn't a function is given back. */
  readonly count: WrapMethod = (name, fn, options, extra?: unknown) => {
    this.#pipeline.intake.noteExtra(extra, name);
    if (!this.#acceptsFunction('count', fn)) return fn;
    return counted(fn, () => this.increment(name, options));
  };

  /**
   * A counter of this name to hold on to: recording needs no look-up. It is never let go. Under a bad name, its calls are
   * refused. The next flush sends its 0 to the collector, so that its first event is a rise there.
   */
  readonly createCounter = (name: string, options?: BoundOptions): BoundCounter => {
    const { registry, announcements } = this.#pipeline;
    const counter = this.#bind(registry.counters, name, options);
    if (counter !== undefined) announcements.add(counter);
    return (
      counter ?? {
        increment: (delta = 1) => this.updateStats(name, delta, options),
        decrement: (delta = 1) => this.updateStats(name, typeof delta === 'number' ? -delta : delta, options),
      }
    );
  };

  /** A gauge of this name to hold on to, as with `createCounter`. */
  readonly createGauge = (name: string, options?: BoundOptions): BoundGauge => {
    const gauge = this.#bind(this.#pipeline.registry.gauges, name, options);
    return gauge ?? { set: (value) => this.gauge(name, value, options) };
  };

  /** A timer of this name to hold on to, as with `createCounter`. */
  readonly createTimer = (name: string, options?: BoundOptions): BoundTimer => {
    const { registry } = this.#pipeline;
    const timer = this.#bind(registry.timers, name, options);
    if (timer === undefined) {
      const record = (ms: number): void => this.timing(name, ms, options);
      return { record, start: () => startMeasuring(record) };
    }
    registry.holdTimer(timer, (ms, tags) => this.#endHeld(name, ms, options, tags));
    return timer;
  };

  /** A set of this name to hold on to, as with `createCounter`. */
  readonly createSet = (name: string, options?: BoundOptions): BoundSet => {
    const set = this.#bind(this.#pipeline.registry.sets, name, options);
    return set ?? { add: (member) => this.set(name, member, options) };
  };

  /**
   * A client that adds a prefix and tags to whatever is recorded through it. It shares everything else with this one:
   * metrics, flushes, transport, `configure`, `stats` and `shutdown`. Its prefix comes after this client's; its tags come
   * after a call's own, which win where keys are equal.
   *
   * @throws TypeError for a prefix or tags that can't be used.
   * @example
   * ```js
   * const { Statsd } = require('@afstatsd/core');
   * const payments = Statsd.child({ prefix: 'payments', tags: { provider: 'acme' } });
   * payments.increment('refunds', { tags: { reason: 'damaged' } });
   * ```
   */
  readonly child = (options: ChildOptions = {}): StatsdClient => {
    const { prefix = '', tags = [] } = readNaming(options);
    return clientOf(this.#pipeline, childScope(this.#scope, dotted(prefix), tags));
  };

  /**
   * Calls `fn` as the work of a request: its tags are added to all that this client, its parent and its children record in it,
   * also after each `await`. A call's own tags and those of a child win over them. Left out are gauge callbacks, and metrics that are
   * held (`createCounter` and the like), which are one metric each. Within a request it is a part of that, with its tags and
   * more. Keys and values have 200 bytes together.
   *
   * @param tags - What can be no tag is left out, and said once.
   * @param fn - The work. It may be async.
   * @returns What `fn` returns.
   * @example
   * ```js
   * const { Statsd } = require('@afstatsd/core');
   * async function work() {
   *   Statsd.setRequestTags({ plan: 'pro' });
   *   Statsd.increment('orders'); // with the tags plan and tenant
   * }
   * Statsd.withRequestTags({ tenant: 'acme' }, work);
   * ```
   */
  readonly withRequestTags = <T>(tags: Tags, fn: () => T): T => this.#pipeline.requestTags.run(tags, fn);

  /**
   * Adds tags to the request under way, for all that is recorded from now on. A new value takes the place of an old one; null and
   * undefined take a tag away. A request is what `withRequestTags` or a middleware with the option `requestTags` has begun;
   * elsewhere this does nothing, and that is said once.
   */
  readonly setRequestTags = (tags: Tags): void => this.#pipeline.requestTags.set(tags);

  /** The tags of the request under way; none outside of one. */
  readonly requestTags = (): Tags => Object.fromEntries(this.#pipeline.requestTags.tags);

  /**
   * Counts what runs in requests, for middleware: how often each timer of this client, its parent and its children gets a duration.
   */
  get requestCalls(): RequestCalls {
    return this.#pipeline.requestCalls;
  }

  /**
   * Collects metrics of the runtime: event loop, garbage collection, memory, CPU, handles, descriptors. They are read before a
   * flush, at most every 10 s, and stop with the client. Their names in Prometheus are those of prom-client's default metrics.
   * One collection runs for a client with its children: a later call takes the place of an earlier one. In a worker thread
   * it collects what is the thread's own.
   *
   * @returns A function that ends it.
   * @throws TypeError that names the option and the value, for an option that can't be used.
   * @example
   * ```js
   * const { Statsd } = require('@afstatsd/core');
   * const stop = Statsd.collectRuntimeMetrics({ heapSpaces: false });
   * stop();
   * ```
   */
  readonly collectRuntimeMetrics = (options: RuntimeOptions = {}): (() => void) =>
    this.#pipeline.collectRuntimeMetrics(this.#scope, readRuntimeOptions(options));

  /**
   * Changes options; those that aren't named stay. At any time, with nothing lost: what is pending goes on by the new ones.
   * After `shutdown` it brings the client back, with its metrics, gauge callbacks and ledger; before the promise of `shutdown` is
   * fulfilled, it calls the shutdown off. From the event `exit` on, nothing comes back.
   *
   * @throws TypeError that names the option and the value, for an option that can't be used; nothing is changed then.
   */
  readonly configure = (options: StatsdOptions): void => this.#pipeline.configure(options);

  /** Sends elsewhere from now on, also what is pending. The old transport is closed. Throws as `configure` does. */
  readonly setTransport = (transport: Transport | string): void => {
    if (transport === undefined)
      throw new TypeError('setTransport takes a transport or its URL; it got undefined');
    this.configure({ transport });
  };

  /**
   * Whether samples wait for the interval.
   *
   * @param on - true to aggregate; false to send each call at once.
   * @throws TypeError for what isn't a boolean.
   */
  readonly setAggregation = (on: boolean): void => {
    if (typeof on !== 'boolean')
      throw new TypeError(`setAggregation takes true or false; it got ${describe(on)}`);
    this.#pipeline.aggregating = on;
  };

  /** The rules in force, for those who expose or pass on metrics; undefined for none. */
  get rules(): Rules | undefined {
    return this.#pipeline.rules;
  }

  /** Whether the client looks for traces of its slowest values. */
  get exemplars(): boolean {
    return this.#pipeline.registry.trace !== undefined;
  }

  /** The option of this name, as it stands. */
  get maxMetrics(): number {
    return this.#pipeline.registry.maxMetrics;
  }

  /** The same object for this client, its parent and its children: a key for what is kept once for all of them. */
  get shared(): object {
    return this.#pipeline;
  }

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
    this.#pipeline.life.flush(this.#timeout(options));

  /**
   * Sends what is pending, as `flush` does, and ends the client: what couldn't leave is dropped. Calls that come
   * after the promise is fulfilled are counted as rejected, those before as dropped. Called again, it returns the same promise.
   * `configure` brings the client back. At the end of a process it isn't needed: what is pending leaves then by itself.
   */
  readonly shutdown = (options?: FlushOptions): Promise<FlushResult> =>
    this.#pipeline.life.shutdown(this.#timeout(options));

  /**
   * Records a metric that `decode` has read: for programs that receive what other clients send. A counter is scaled up by
   * its sample rate, each value of a timer counts 1 / rate times, and a signed gauge changes the value that is there. A bad
   * one is refused and counted, as with any other call.
   *
   * @returns The metric, one of `views()`, if this is its first sample, also after `forget`; else undefined.
   * @example
   * ```js
   * const { MemoryTransport, StatsdClient, decode } = require('@afstatsd/core');
   * const statsd = new StatsdClient({ transport: new MemoryTransport() });
   * for (const metric of decode('web.hits:15|c::login:10,5|ms|@0.5').metrics) statsd.ingest(metric);
   * console.log(statsd.stats().recorded); // 5: a counter's message, and two timings that stand for two each
   * ```
   */
  readonly ingest = (metric: Decoded): AggregateView | undefined =>
    this.#pipeline.aggregator.ingestIn(this.#scope, metric);

  /**
   * Every metric that is alive, as it stands: for programs that expose metrics rather than send them. The views are the
   * metrics themselves, and change with them. With a transport that never opens nothing is ever cleared, so that counters
   * and timers are totals.
   */
  readonly views = (): Iterable<AggregateView> => this.#pipeline.aggregator.views();

  /**
   * Lets go of metrics, for programs that expose metrics rather than send them: one that comes later begins at 0, and is new to
   * `ingest`. The samples that it had count as sent. A metric that is bound to a name stays.
   *
   * @param isChosen - says of each of `views()` whether it is to go.
   * @example
   * ```js
   * const { StatsdClient } = require('@afstatsd/core');
   * const statsd = new StatsdClient({ interval: Infinity });
   * statsd.increment('hits');
   * statsd.forget((metric) => metric.name === 'hits');
   * console.log([...statsd.views()].length); // 0
   * ```
   */
  readonly forget = (isChosen: (metric: AggregateView) => boolean): void => this.#pipeline.forget(isChosen);

  /**
   * Says what went wrong in instrumentation that records through this client, such as a callback of the app's that threw:
   * one line for each `kind`, to the logger or with `process.emitWarning`, and to `onError`. Never throws.
   *
   * @param text - makes the line; called only if it is said.
   */
  readonly warnOnce = (kind: string, text: () => string): void => this.#pipeline.warnOnce(kind, text);

  /** What became of every sample so far. */
  readonly stats = (): Stats => this.#pipeline.stats();

  /** The scope of calls: that of the client, with the tags of the request under way. */
  get #here(): Scope {
    return this.#pipeline.requestTags.scopeOf(this.#scope);
  }

  /** The same for a call that look-ups don't know. */
  get #newHere(): Scope {
    return this.#pipeline.requestTags.scopeOfNew(this.#scope);
  }

  #takeLine(what: string, read: (within: Parameters<typeof readEvent>[3]) => string | undefined): void {
    const { intake, life, naming } = this.#pipeline;
    const line = read({ intake, tags: this.#here.tags, naming });
    if (line !== undefined) life.takeLine(line, what);
  }

  /** Records what a held timer has measured, with tags that came with its end. What can't be tags is left out. */
  #endHeld(name: string, ms: number, options: BoundOptions | undefined, more: unknown): void {
    const { intake } = this.#pipeline;
    let tags = options?.tags;
    try {
      if (isTagsObject(more)) tags = { ...tags, ...more };
      else if (more !== null) {
        const text = (): string =>
          `the end of timer ${describe(name)} takes tags; ${describe(more)} is left out`;
        intake.note('end of a timer', text, name);
      }
    } catch (error) {
      intake.refuseThrown(error);
      return;
    }
    const given = tags && { tags };
    const timer = given && this.#scope.timers.byTags(name, given);
    if (timer === undefined) this.#pipeline.recorder.time(this.#scope, name, ms, given);
    else timer.record(ms);
  }

  #gaugeCallback(call: {
    readonly name: Names;
    readonly read: () => number;
    readonly options: unknown;
    readonly extra: unknown;
    readonly caller: Caller | undefined;
  }): () => void {
    const { name, read, options, extra, caller } = call;
    const { intake, callbacks, registry, life } = this.#pipeline;
    intake.noteExtra(extra, name);
    let given: GaugeCallbackOptions;
    try {
      given = { ...(options as GaugeCallbackOptions | undefined) };
    } catch (error) {
      intake.refuseThrown(error);
      return () => {};
    }
    const { combine = 'sum', tags } = given;
    const identity = this.#identity(name, { tags });
    if (identity === undefined) return () => {};
    if (!isCombine(combine)) {
      intake.refuse('combine', () => `combine is sum, max or last, not ${describe(combine)}`);
      return () => {};
    }
    const callback = { read, combine, caller };
    const remove = callbacks.add(identity, callback, registry.maxMetrics);
    if (remove === undefined) {
      intake.refuse('callbacks', () => `there are ${callbacks.count} gauge callbacks (maxMetrics)`);
      return () => {};
    }
    if (life.isShutDown) this.#pipeline.noteLateCallback(identity.name);
    else life.start();
    return remove;
  }

  #bind<M extends Metric>(family: Family<M>, name: unknown, options: unknown): M | undefined {
    const identity = this.#identity(name, options);
    const metric = identity && this.#pipeline.registry.get(family, identity);
    metric?.bind();
    return metric;
  }

  #identity(name: unknown, options: unknown): Identity | undefined {
    return this.#pipeline.intake.identity(this.#scope, name, options);
  }

  #acceptsFunction(method: string, fn: unknown): boolean {
    if (typeof fn === 'function') return true;
    this.#pipeline.intake.refuse(method, () => `${method} takes a function, not ${describe(fn)}`);
    return false;
  }

  #timeout(options: FlushOptions | undefined): number {
    if (options !== undefined && (typeof options !== 'object' || options === null)) {
      this.#pipeline.intake.note(
        'flush options',
        () => `flush and shutdown take { timeout } and return a promise; ${describe(options)} is left out`,
      );
    }
    const timeout: unknown = options?.timeout ?? DEFAULT_TIMEOUT;
    if (typeof timeout === 'number' && timeout >= 0) return Math.min(timeout, MAX_DELAY_MS);
    this.#pipeline.intake.refuse('timeout', () => `a timeout is a number of ms, not ${describe(timeout)}`);
    return DEFAULT_TIMEOUT;
  }
}
