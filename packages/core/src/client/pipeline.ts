import { hostname } from 'node:os';
import type { Ledger } from '../account/ledger.js';
import type { Report } from '../account/report.js';
import { loadWorkerThreads } from '../host/builtin.js';
import { SURROUNDINGS, type Surroundings } from '../host/surroundings.js';
import type { AggregateView } from '../metric/view.js';
import { Aggregator } from '../record/aggregator.js';
import { appCaller } from '../record/caller.js';
import { GaugeCallbacks } from '../record/gauge-callbacks.js';
import type { Intake } from '../record/intake.js';
import { Recorder } from '../record/recorder.js';
import type { Registry } from '../record/registry.js';
import { RequestCalls } from '../record/request-calls.js';
import { RequestTags } from '../record/request-tags.js';
import { type Scope, rootScope } from '../record/scope.js';
import { Telemetry } from '../record/telemetry.js';
import type { RuntimeOptions } from '../runtime/options.js';
import { Announcements } from '../send/announcements.js';
import { ClientReports } from '../send/client-reports.js';
import { Delivery } from '../send/delivery.js';
import { GaugeRepeats } from '../send/gauge-repeats.js';
import { type Due, Flusher } from '../send/flusher.js';
import { Outbox } from '../send/outbox.js';
import { SingleLines } from '../send/single-lines.js';
import { TransportWatch } from '../send/transport-watch.js';
import type { ClientReport } from '../wire/client-report.js';
import { readEnvironment } from './environment.js';
import { Life } from './life.js';
import { type Settings, type StatsdOptions, defaultSettings, namingOf, readSettings } from './options.js';
import type { Naming } from '../wire/format.js';
import { RuntimeMetrics } from './runtime-metrics.js';
import { programName } from './service.js';
import type { Stats } from './stats.js';

/** How much of a warning a report quotes, in characters. */
const LONGEST_WARNING = 160;

/** How much a report says of findings, in characters. */
const FINDINGS_ROOM = 1_000;

/** The parts behind a client, put together, and the settings in force. */
export class Pipeline {
  readonly aggregator: Aggregator;
  readonly registry: Registry;
  readonly intake: Intake;
  readonly callbacks: GaugeCallbacks;
  readonly announcements: Announcements = new Announcements();
  readonly recorder: Recorder;
  readonly requestTags: RequestTags;
  readonly requestCalls: RequestCalls;
  readonly life: Life;
  readonly runtimeMetrics: RuntimeMetrics;
  /** The id by which our collector tells clients apart. */
  readonly #id: string;
  readonly #report: Report;
  readonly #ledger: Ledger;
  readonly #outbox = new Outbox();
  readonly #lines: SingleLines;
  readonly #delivery: Delivery;
  readonly #transport: TransportWatch;
  readonly #flusher: Flusher;
  #settings: Settings = defaultSettings();
  /** The options that code has set. The environment doesn't change them. */
  #given: Partial<Settings> = {};
  /** The last value of `setAggregation`. Undefined: the interval decides. */
  #aggregation: boolean | undefined;

  /** @param surroundings - The clocks and the chance that the parts use. Default: those of the process. */
  constructor(options: StatsdOptions, surroundings: Surroundings = SURROUNDINGS) {
    this.#id = `${process.pid}-${surroundings.random().toString(36).slice(2, 12)}`;
    this.aggregator = new Aggregator(
      {},
      {
        surroundings,
        touched: (metric) => this.life.touched(metric),
        repeated: (gauge) => {
          if (repeats.passOn(gauge)) this.#flusher.wake();
        },
      },
    );
    const { registry, intake, ledger, report } = this.aggregator;
    const outbox = this.#outbox;
    this.registry = registry;
    this.intake = intake;
    this.#ledger = ledger;
    this.#report = report;
    this.#lines = new SingleLines(report);
    this.requestCalls = new RequestCalls(registry, report);
    this.requestTags = new RequestTags(this.registry, this.intake);
    this.recorder = new Recorder(this.registry, this.intake, surroundings, (rate, view) =>
      this.life.sample(rate, view),
    );
    const { gauges } = this.registry;
    const repeats = new GaugeRepeats({
      gauges: () => gauges.all(),
      hasGauges: () => gauges.size > 0,
      now: surroundings.now,
    });
    this.callbacks = new GaugeCallbacks(this.intake, surroundings, () => this.#flusher.wake());
    this.runtimeMetrics = new RuntimeMetrics(this.recorder, rootScope(this.registry), (read) =>
      this.callbacks.readAlongside(read),
    );
    const telemetry = new Telemetry(this.registry, ledger);
    const beforeFlush = (due: Due): void => {
      if (due === 'all') this.callbacks.read();
      else {
        this.life.keepWatch();
        this.callbacks.readIfDue();
        repeats.dueIfTime();
      }
      if (this.#settings.telemetry === true && this.life.isStarted) telemetry.record(outbox.pending);
    };
    const reports = new ClientReports(
      {
        read: () => (this.#settings.telemetry === false ? undefined : this.#clientReport()),
        identify: () => this.#clientReport(),
        now: surroundings.now,
      },
      report,
    );
    const unasked = { announcements: this.announcements, repeats, reports, lines: this.#lines };
    this.#delivery = new Delivery(outbox, unasked, ledger, report);
    this.#transport = new TransportWatch(this.#settings.transport, report);
    this.#flusher = new Flusher({
      outbox,
      delivery: this.#delivery,
      ledger,
      transport: this.#transport,
      surroundings,
      beforeFlush,
      nextUnasked: () => Math.min(this.callbacks.nextReading, repeats.nextTime()),
    });
    this.life = new Life({
      outbox,
      flusher: this.#flusher,
      delivery: this.#delivery,
      lines: this.#lines,
      transport: this.#transport,
      intake: this.intake,
      ledger,
      report,
      surroundings,
      start: () => this.#start(),
      goOn: () => this.#apply(),
      beforeFlush: () => beforeFlush('all'),
      shutDown: () => {
        this.callbacks.endEra();
        this.runtimeMetrics.end();
      },
      sweeping: this.registry.sweeping,
      addRemainders: () => this.#addRemainders(),
    });
    this.configure(options);
  }

  get aggregating(): boolean {
    return this.#aggregation ?? this.#settings.interval !== 0;
  }

  set aggregating(on: boolean) {
    this.#aggregation = on;
    this.#apply();
  }

  /** The rules in force. */
  get rules(): Settings['rules'] {
    return this.#settings.rules;
  }

  configure(options: StatsdOptions): void {
    const settings = readSettings(options);
    if (settings.interval === 0) this.#aggregation = undefined;
    Object.assign(this.#given, settings);
    Object.assign(this.#settings, settings);
    const wasShutDown = this.life.isShutDown;
    this.life.comeBack();
    this.#apply();
    // Started now, because gauge callbacks and runtime metrics need no further call.
    const hasReadings = this.callbacks.count > 0 || this.runtimeMetrics.isWanted;
    if (wasShutDown && !this.life.isShutDown && hasReadings) this.life.start();
  }

  /** Forgets metrics, as `StatsdClient.forget` describes. */
  forget(isChosen: (metric: AggregateView) => boolean): void {
    const gone = this.aggregator.forget(isChosen);
    if (gone.size > 0) this.#outbox.remove(gone);
  }

  /**
   * Collects runtime metrics from now on. After a shutdown it begins when the client comes back.
   *
   * @returns The function that ends it.
   */
  collectRuntimeMetrics(scope: Scope, options: RuntimeOptions): () => void {
    const end = this.runtimeMetrics.want(scope, options);
    if (!this.life.isStarted) this.life.start();
    else if (!this.life.isShutDown) this.runtimeMetrics.apply(this.#settings);
    return end;
  }

  warnOnce(kind: string, text: () => string): void {
    this.#report.once(`instrumentation: ${kind}`, text);
  }

  /** Notes the place in the app's code that wraps a function with `blocking`. */
  noteBlocking(names: string | readonly string[]): void {
    const place = appCaller();
    if (place === undefined) return;
    for (const metric of typeof names === 'string' ? [names] : names) {
      this.#report.findings.add({ kind: 'blocking', metric, route: '', text: '', place });
    }
  }

  /** Warns about a gauge callback that was added after a shutdown, because it isn't read yet. */
  noteLateCallback(gauge: string): void {
    this.#report.once(
      'callback after shutdown',
      () =>
        `gauge ${gauge} was given a callback after shutdown: it isn't read until configure brings the client back`,
    );
  }

  stats(): Stats {
    const { sampledOut, roundedOff } = this.#ledger;
    return {
      ...this.#ledger.balance(this.#outbox.pending),
      sampledOut,
      roundedOff,
      metrics: this.registry.size,
      events: this.#lines.counts,
      transport: this.#transport.stats(),
    };
  }

  /** The prefix and tags that are added when a line is written. */
  get naming(): Naming {
    this.life.start();
    return namingOf(this.#settings);
  }

  #clientReport(): ClientReport {
    const { recorded, sent, pending, rejected } = this.#ledger.balance(this.#outbox.pending);
    const { service, instance } = this.#settings;
    return {
      id: this.#id,
      service: service || '',
      instance: instance || '',
      host: hostname(),
      pid: process.pid,
      thread: loadWorkerThreads().threadId,
      recorded,
      sent,
      pending,
      dropped: this.#ledger.allDropped,
      rejected,
      warnings: this.#report.recent.map((line) => line.slice(0, LONGEST_WARNING)),
      findings: this.#report.findings.latest(FINDINGS_ROOM),
    };
  }

  /** Queues the counters that hold only a remainder of rounding. Returns whether there are any. */
  #addRemainders(): boolean {
    let any = false;
    for (const counter of this.registry.counters.all()) {
      if (!counter.isRemainder) continue;
      this.#outbox.add(counter);
      any = true;
    }
    return any;
  }

  /** Reads the environment only now, at the first sample, because a program may set it after its imports. */
  #start(): void {
    Object.assign(this.#settings, readEnvironment(this.#report), this.#given);
    this.#settings.service ??= programName();
    this.#applyAll();
  }

  /** Applies settings. Before the start only the limits and the logger take effect. */
  #apply(): void {
    if (this.life.isStarted && !this.life.isShutDown) this.#applyAll();
    else for (const part of [this.#report, this.registry]) part.apply(this.#settings);
  }

  #applyAll(): void {
    const { enabled } = this.#settings;
    const { aggregating } = this;
    const inForce = { ...this.#settings, aggregating, naming: namingOf(this.#settings) };
    const parts = [this.#report, this.registry, this.intake, this.#delivery, this.#flusher, this.life];
    for (const part of parts) part.apply(inForce);
    this.life.enter(!enabled ? 'disabled' : aggregating ? 'keeping' : 'sending');
    this.runtimeMetrics.apply(this.#settings);
  }
}
