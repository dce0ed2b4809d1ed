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
// A constant of this module, because an imported name is looked up at each call.
const use = requestTagsUse;

/** An existing pipeline and a scope in it, from which a child client is made. */
class Within {
  readonly pipeline: Pipeline;
  readonly scope: Scope;

  constructor(pipeline: Pipeline, scope: Scope) {
    this.pipeline = pipeline;
    this.scope = scope;
  }
}

/** Makes a client of an existing pipeline and scope. Without a scope the client adds nothing to names and tags. */
export function clientOf(pipeline: Pipeline, scope: Scope = rootScope(pipeline.registry)): StatsdClient {
  return new StatsdClient(new Within(pipeline, scope) as StatsdOptions);
}

/**
 * Records counters, gauges, timers and sets, and sends them aggregated, every 20 seconds by default.
 *
 * Every method works when it is taken off the object (`const { increment } = Statsd`). Recording never throws. Bad input is
 * refused, counted in `stats().rejected`, and warned about once per kind. The `options` of a call may have a sample rate above 0
 * and up to 1, as a number or as `{ sampleRate }`. While samples are aggregated each call counts in full, whatever its rate.
 *
 * Names have 1 to 512 bytes. `::` becomes `.`, and `:`, `|`, `@` and control characters become `_`.
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
  // Keyed by the raw argument. Arrays and bad input miss, and take the slow way.
  readonly #counters: Lookup<Counter>;
  readonly #gauges: Lookup<Gauge>;
  readonly #timers: Lookup<Timer>;
  readonly #sets: Lookup<UniqueSet>;
  readonly #histograms: Lookup<Timer>;
  readonly #distributions: Lookup<Timer>;

  /** @throws TypeError that names an option which can't be used, and its value. */
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
   * Adds `delta` to a counter. It is a finite number of at most 2^53 − 1 in magnitude, and may have a fraction. A format without
   * decimals rounds the sum, and the remainder is carried into the next message.
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
   * Records a value of any unit, such as a size. It is a finite number. The formats `dogstatsd` and `influx`, and the queue, write
   * it as a histogram (`|h`). The other formats write it as a timer. Our collector doesn't change its unit.
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

  /**
   * Records a value as DogStatsD's distribution (`|d`), which Datadog summarises over all hosts. Otherwise it is like
   * `histogram`.
   */
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
   * Sends an event of DogStatsD, at once or with the next flush. Receivers of the format `dogstatsd` and our collector take it.
   * For any other receiver it is dropped, with one warning. At most the newest 1,000 events wait. They are counted in
   * `stats().events`.
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
   * Sends a service check of DogStatsD, as `event` sends an event.
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

  /** Sets a gauge, or adds a callback that reads it before flushes. */
  readonly gauge: GaugeMethod = ((
    name: Names,
    value: number | (() => number),
    options?: CallOptions | GaugeCallbackOptions,
    extra?: unknown,
  ): (() => void) | undefined => {
    if (typeof value === 'function') {
      // The caller is read here, because Bun drops this function's frame at its last call.
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
   * Returns a function that does what `fn` does, and times each call. A call lasts until it returns or throws, until its promise
   * is settled, or while its generator or Observable runs.
   *
   * `this`, arguments, result, error, name and length stay as they are. A value that isn't a function is returned unchanged.
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

  /** Returns a function that does what `fn` does, and counts each call. A value that isn't a function is returned unchanged. */
  readonly count: WrapMethod = (name, fn, options, extra?: unknown) => {
    this.#pipeline.intake.noteExtra(extra, name);
    if (!this.#acceptsFunction('count', fn)) return fn;
    return counted(fn, () => this.increment(name, options));
  };

  /**
   * Returns a counter for the app to hold, so that recording needs no look-up. The client never lets go of it. If the name is bad,
   * its calls are refused. The next flush sends its 0 to the collector, so that its first event is a rise there.
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

  /** Returns the gauge of this name for the app to hold, as `createCounter` does. */
  readonly createGauge = (name: string, options?: BoundOptions): BoundGauge => {
    const gauge = this.#bind(this.#pipeline.registry.gauges, name, options);
    return gauge ?? { set: (value) => this.gauge(name, value, options) };
  };

  /** Returns the timer of this name for the app to hold, as `createCounter` does. */
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

  /** Returns the set of this name for the app to hold, as `createCounter` does. */
  readonly createSet = (name: string, options?: BoundOptions): BoundSet => {
    const set = this.#bind(this.#pipeline.registry.sets, name, options);
    return set ?? { add: (member) => this.set(name, member, options) };
  };

  /**
   * Returns a client that adds a prefix and tags to the metrics recorded through it. It shares metrics, flushes, transport,
   * `configure`, `stats` and `shutdown` with this client. Its prefix comes after this client's prefix. Its tags come after a
   * call's own tags, which win if keys are equal.
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
   * Calls `fn` as the work of a request. Metrics that this client, its parent and its children record in it get the request's
   * tags, also after each `await`. Tags of the call and of a child client win over them. Gauge callbacks and held metrics
   * (`createCounter` and the like) don't get the tags, because each is one metric. A call within a request adds its tags to those
   * of the request. Keys and values have at most 200 bytes together.
   *
   * @param tags - The tags of the request. An invalid tag is left out, with one warning.
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
   * Adds tags to the current request, for everything recorded from now on. A new value replaces an old one. null and undefined
   * remove a tag. A request is begun by `withRequestTags`, or by a middleware with the option `requestTags`. Outside of a request
   * this only gives one warning.
   */
  readonly setRequestTags = (tags: Tags): void => this.#pipeline.requestTags.set(tags);

  /** Returns the tags of the current request. Outside of a request there are none. */
  readonly requestTags = (): Tags => Object.fromEntries(this.#pipeline.requestTags.tags);

  /**
   * Counts how often each timer gets a duration in a request, for middleware. It covers this client, its parent and its children.
   */
  get requestCalls(): RequestCalls {
    return this.#pipeline.requestCalls;
  }

  /**
   * Collects metrics of the runtime: event loop, garbage collection, memory, CPU, handles, descriptors. They are read before a
   * flush, at most every 10 s, and stop with the client. In Prometheus they have the names of prom-client's default metrics.
   * A client and its children have one collection, so a later call replaces an earlier one. A worker thread collects only its own
   * metrics.
   *
   * @returns A function that ends it.
   * @throws TypeError that names an option which can't be used, and its value.
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
   * Changes options. Options that aren't named stay. It may be called at any time, and no sample is lost: pending samples follow
   * the new options. After `shutdown` it brings the client back, with its metrics, gauge callbacks and ledger. Before the promise
   * of `shutdown` is fulfilled, it calls the shutdown off. After the event `exit` no client comes back.
   *
   * @throws TypeError that names an option which can't be used, and its value. Nothing is changed then.
   */
  readonly configure = (options: StatsdOptions): void => this.#pipeline.configure(options);

  /** Replaces the transport, also for pending samples. The old transport is closed. Throws as `configure` does. */
  readonly setTransport = (transport: Transport | string): void => {
    if (transport === undefined)
      throw new TypeError('setTransport takes a transport or its URL; it got undefined');
    this.configure({ transport });
  };

  /**
   * Turns aggregation on or off.
   *
   * @param on - true: samples wait for the interval. false: each call is sent at once.
   * @throws TypeError if `on` isn't a boolean.
   */
  readonly setAggregation = (on: boolean): void => {
    if (typeof on !== 'boolean')
      throw new TypeError(`setAggregation takes true or false; it got ${describe(on)}`);
    this.#pipeline.aggregating = on;
  };

  /** The rules in force, for programs that expose or pass on metrics. Undefined if there are none. */
  get rules(): Rules | undefined {
    return this.#pipeline.rules;
  }

  /** Whether the client looks for traces of its slowest values. */
  get exemplars(): boolean {
    return this.#pipeline.registry.trace !== undefined;
  }

  /** The current value of the option `maxMetrics`. */
  get maxMetrics(): number {
    return this.#pipeline.registry.maxMetrics;
  }

  /** An object that this client, its parent and its children share. It is a key for data kept once for all of them. */
  get shared(): object {
    return this.#pipeline;
  }

  /** Whether samples are aggregated. Without `setAggregation` they are, unless the interval is 0. */
  get aggregating(): boolean {
    return this.#pipeline.aggregating;
  }

  set aggregating(on: boolean) {
    this.setAggregation(on);
  }

  /**
   * Sends all pending samples. The promise resolves as soon as all have left, the transport is unavailable, or the timeout is
   * over. It never rejects. Until it resolves the process stays alive.
   */
  readonly flush = (options?: FlushOptions): Promise<FlushResult> =>
    this.#pipeline.life.flush(this.#timeout(options));

  /**
   * Sends all pending samples, as `flush` does, and ends the client. Samples that couldn't leave are dropped. Calls after the
   * promise is fulfilled are counted as rejected. A second call returns the same promise. `configure` brings the client back. The
   * end of a process doesn't need a `shutdown`, because pending samples leave by themselves then.
   */
  readonly shutdown = (options?: FlushOptions): Promise<FlushResult> =>
    this.#pipeline.life.shutdown(this.#timeout(options));

  /**
   * Records a metric that `decode` has read, for programs that receive messages of other clients. A counter is divided by its
   * sample rate. Each value of a timer counts 1 / rate times. A signed gauge changes the current value. A bad metric is refused
   * and counted, as with any other call.
   *
   * @returns The metric, which is one of `views()`, if this is its first sample or the first after `forget`. Else undefined.
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
   * Returns every metric that the client holds, for programs that expose metrics and don't send them. The views are the metrics
   * themselves, so they change with each sample. A transport that never opens clears no metric, so counters and timers are totals
   * with it.
   */
  readonly views = (): Iterable<AggregateView> => this.#pipeline.aggregator.views();

  /**
   * Forgets metrics, for programs that expose metrics and don't send them. A later sample of such a metric begins at 0, and is its
   * first for `ingest`. The forgotten samples count as sent. Metrics that app code holds (`createCounter`) stay.
   *
   * @param isChosen - returns whether to forget one of `views()`.
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
   * Warns about a problem of instrumentation that records through this client, such as a callback of the app that threw. Each
   * `kind` gives one line, to the logger or with `process.emitWarning`, and to `onError`. Never throws.
   *
   * @param text - makes the line. It is called only if the line is written.
   */
  readonly warnOnce = (kind: string, text: () => string): void => this.#pipeline.warnOnce(kind, text);

  /** Returns counts of all samples so far, by what became of them. */
  readonly stats = (): Stats => this.#pipeline.stats();

  /** The scope of calls: the client's scope, with the tags of the current request. */
  get #here(): Scope {
    return this.#pipeline.requestTags.scopeOf(this.#scope);
  }

  /** The same for a call that missed in the look-up. */
  get #newHere(): Scope {
    return this.#pipeline.requestTags.scopeOfNew(this.#scope);
  }

  #takeLine(what: string, read: (within: Parameters<typeof readEvent>[3]) => string | undefined): void {
    const { intake, life, naming } = this.#pipeline;
    const line = read({ intake, tags: this.#here.tags, naming });
    if (line !== undefined) life.takeLine(line, what);
  }

  /** Records a duration of a held timer, with tags that were passed at its end. Invalid tags are left out. */
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
