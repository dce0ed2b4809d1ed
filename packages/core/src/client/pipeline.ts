import { isMainThread } from 'node:worker_threads';
import { Delivery } from '../send/delivery.js';
import { readEnvironment } from './environment.js';
import { type Ending, unwatchExit, watchExit } from './exit.js';
import { type FlushResult, Flusher } from '../send/flusher.js';
import { DEFAULT_INTERVAL_MS } from '../send/interval.js';
import { GaugeCallbacks } from '../record/gauge-callbacks.js';
import { Ingest } from '../record/ingest.js';
import { Intake } from '../record/intake.js';
import { Ledger } from '../account/ledger.js';
import type { Metric } from '../metric/metric.js';
import type { MetricView } from '../metric/view.js';
import { isAscii } from '../text/name.js';
import { type Settings, type StatsdOptions, defaultSettings, dotted, readOptions } from './options.js';
import { Outbox } from '../send/outbox.js';
import { type Sampled, Recorder } from '../record/recorder.js';
import { Registry } from '../record/registry.js';
import { Report } from '../account/report.js';
import type { Stats } from './stats.js';
import { Telemetry } from '../record/telemetry.js';
import { TransportWatch } from '../send/transport-watch.js';

/** All that stands behind a client: the parts, the settings in force, and what happens to a sample at each stage of life. */
export class Pipeline implements Ending {
  readonly registry: Registry;
  readonly intake: Intake;
  readonly callbacks: GaugeCallbacks;
  readonly recorder: Recorder;
  readonly ingest: Ingest;
  readonly #report = new Report();
  readonly #ledger = new Ledger();
  readonly #outbox = new Outbox();
  readonly #delivery: Delivery;
  readonly #telemetry: Telemetry;
  readonly #transport: TransportWatch;
  readonly #flusher: Flusher;
  #settings: Settings = defaultSettings();
  /** What code has set, which the environment doesn't change. */
  #given: Partial<Settings>;
  /** What `setAggregation` said; without it the interval decides. */
  #aggregation: boolean | undefined;
  #started = false;
  #shutdown: Promise<FlushResult> | undefined;

  constructor(options: StatsdOptions) {
    this.registry = new Registry(this.#settings, this.#ledger, this.#report);
    this.intake = new Intake(this.registry, this.#ledger, this.#report);
    this.recorder = new Recorder(this.registry, this.intake, this.#sample);
    this.ingest = new Ingest(this.registry, this.intake);
    this.callbacks = new GaugeCallbacks(this.intake);
    this.#delivery = new Delivery(this.#outbox, this.#ledger, this.#report);
    this.#telemetry = new Telemetry(this.registry, this.#ledger);
    this.#transport = new TransportWatch(this.#settings.transport, this.#report);
    this.#flusher = new Flusher({
      outbox: this.#outbox,
      delivery: this.#delivery,
      ledger: this.#ledger,
      beforeFlush: () => this.#beforeFlush(),
      afterRound: () => this.registry.sweep(),
      transport: this.#transport,
    });
    this.registry.onTouched = (metric) => {
      this.start();
      this.registry.onTouched(metric);
    };
    this.#given = {};
    this.configure(options);
  }

  get handleSignals(): boolean {
    return this.#settings.handleSignals;
  }

  get isShutDown(): boolean {
    return this.#shutdown !== undefined;
  }

  get aggregating(): boolean {
    return this.#aggregation ?? this.#settings.interval > 0;
  }

  set aggregating(on: boolean) {
    this.#aggregation = on;
    this.#apply();
  }

  configure(options: StatsdOptions): void {
    const settings = readOptions(options);
    if (settings.interval === 0) this.#aggregation = undefined;
    Object.assign(this.#given, settings);
    Object.assign(this.#settings, settings);
    this.#apply();
  }

  /** Begins to work, with the first sample. Only now is the environment read: a program may set it after its imports. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    try {
      Object.assign(this.#settings, readEnvironment(this.#report), this.#given);
      this.#apply();
    } catch (error) {
      // No room left on the stack: the next sample tries again.
      this.#started = false;
      throw error;
    }
  }

  flush(timeout: number): Promise<FlushResult> {
    return this.#shutdown ?? this.#flusher.flush(timeout);
  }

  shutdown(timeout: number): Promise<FlushResult> {
    this.start(); // what is recorded until all has left goes by the rules of a started client
    this.#shutdown ??= this.#flusher.flush(timeout).then((result) => {
      this.registry.onTouched = this.#refuseAfterShutdown;
      this.#flusher.stop();
      this.#delivery.abandon();
      this.#transport.close();
      unwatchExit(this);
      return result;
    });
    return this.#shutdown;
  }

  warnOnce(kind: string, text: () => string): void {
    this.#report.once(`instrumentation: ${kind}`, text);
  }

  stats(): Stats {
    const { sent, dropped, rejected, sampledOut } = this.#ledger;
    const { pending } = this.#outbox;
    return {
      recorded: sent + pending + dropped.cardinality + dropped.ended + dropped.oversize,
      sent,
      pending,
      dropped: { ...dropped },
      rejected,
      sampledOut,
      metrics: this.registry.size,
      transport: this.#transport.stats(),
    };
  }

  flushNow(ends: boolean): void {
    if (!this.#settings.enabled) return;
    this.#beforeFlush();
    this.#flusher.drain(ends ? this.#settings.exitTimeout : 0, ends);
    // Until the event loop turns, the signal may still end the process: what other listeners record leaves at once.
    this.#sendAtOnce(() => this.#flusher.drain(0, ends));
    setImmediate(() => this.#apply());
  }

  end(): void {
    this.#report.exiting = true;
    const deadline = performance.now() + this.#settings.exitTimeout;
    const end = (): void => {
      if (this.#settings.enabled) this.#flusher.drain(deadline - performance.now(), true);
      this.#delivery.abandon();
      // Nobody closes what a native library has opened when a worker thread ends.
      if (!isMainThread) this.#transport.close();
    };
    if (this.#settings.enabled) this.#beforeFlush();
    end();
    // Other listeners of `exit` may record still.
    this.#sendAtOnce(end);
  }

  #sendAtOnce(send: () => void): void {
    this.registry.onTouched = (metric) => {
      this.#outbox.add(metric);
      send();
    };
  }

  #beforeFlush(): void {
    this.callbacks.read();
    if (this.#settings.telemetry && this.#started) this.#telemetry.record(this.#outbox.pending);
  }

  /** Makes the parts work by the settings in force. Before the start, nothing is set going. */
  #apply(): void {
    const { logger, onError, maxMetrics, maxSamples, prefix, tags, interval, transport, enabled } =
      this.#settings;
    Object.assign(this.#report, { logger, onError });
    Object.assign(this.registry, { maxMetrics, maxSamples });
    if (!this.#started || this.#shutdown !== undefined) return;
    this.#delivery.naming = { prefix: dotted(prefix), tags, ascii: isAscii(prefix + tags.join()) };
    this.intake.enabled = enabled;
    this.#flusher.interval = interval > 0 ? interval : DEFAULT_INTERVAL_MS;
    this.#flusher.switchTo(transport);
    this.#flusher.aggregating = this.aggregating;
    if (!enabled) {
      this.registry.onTouched = (metric) => void metric.clear();
      this.#flusher.stop();
      // A metric that waits would go on aggregating.
      this.#delivery.abandon();
      unwatchExit(this);
      return;
    }
    this.registry.onTouched = this.aggregating ? this.#keep : this.#send;
    this.#flusher.start();
    if (!this.aggregating) this.#flusher.sendNow();
    watchExit(this);
  }

  readonly #keep = (metric: Metric): void => this.#outbox.add(metric);

  readonly #send = (metric: Metric): void => {
    this.#outbox.add(metric);
    this.#flusher.sendNow();
  };

  /** Without aggregation a call is kept with the probability of its rate, and leaves by itself. Otherwise a rate would save nothing. */
  readonly #sample = (rate: number, view: () => MetricView): Sampled => {
    this.start();
    if (this.registry.onTouched !== this.#send || this.#flusher.busy) return 'record';
    if (Math.random() >= rate) {
      this.#ledger.sampledOut++;
      return 'left out';
    }
    return this.#flusher.sendAlone(view()) ? 'sent' : 'kept';
  };

  readonly #refuseAfterShutdown = (metric: Metric): void => {
    metric.clear();
    this.intake.refuse('shutdown', () => `${metric.kind} ${metric.name} was recorded after shutdown`);
  };
}
