import type { Ledger } from '../account/ledger.js';
import type { Report } from '../account/report.js';
import { isMainThread } from '../host/builtin.js';
import type { Periodic } from '../host/periodic.js';
import type { Surroundings } from '../host/surroundings.js';
import { setImmediate } from '../host/timers.js';
import type { Metric } from '../metric/metric.js';
import type { MetricView } from '../metric/view.js';
import type { Intake } from '../record/intake.js';
import type { Sampled } from '../record/recorder.js';
import type { Delivery } from '../send/delivery.js';
import type { FlushResult, Flusher } from '../send/flusher.js';
import type { Outbox } from '../send/outbox.js';
import type { SingleLines } from '../send/single-lines.js';
import type { TransportWatch } from '../send/transport-watch.js';
import { type Ending, isExiting, unwatchExit, watchExit } from './exit.js';
import { STAGES, type Stage } from './stages.js';

const NOTHING_SENT: FlushResult = { sent: 0, pending: 0 };

/** The parts of a client that its life sets going and stops. */
export interface Living {
  readonly outbox: Outbox;
  readonly flusher: Flusher;
  readonly delivery: Delivery;
  readonly lines: SingleLines;
  readonly transport: TransportWatch;
  readonly intake: Intake;
  readonly ledger: Ledger;
  readonly report: Report;
  readonly surroundings: Surroundings;
  /** Reads the environment and applies all settings, and so enters the first stage after `new`. */
  readonly start: () => void;
  /** Enters the stage that the settings ask for, because the end of the process was called off. */
  readonly goOn: () => void;
  /** Records what is due before the last flush: gauge callbacks and telemetry. */
  readonly beforeFlush: () => void;
  /** Called when a shutdown begins. */
  readonly shutDown: () => void;
  /** Lets go of idle metrics from time to time. */
  readonly sweeping: Periodic;
  /** Has the counters leave that hold nothing but what rounding has left. Says whether there are any. */
  readonly addRemainders: () => boolean;
}

/** The life of a client: its stage, what a sample meets in it, and its end. */
export class Life implements Ending {
  readonly #parts: Living;
  #stage: Stage = 'new';
  #starting = false;
  #handleSignals = true;
  #exitTimeout = 0;
  #isPassive = false;
  #shutdown: Promise<FlushResult> | undefined;
  #hasSaidLoss = false;
  #hasSaidLateLoss = false;
  /** Sends what a listener records while the process ends. */
  #drain: () => void = () => {};

  constructor(parts: Living) {
    this.#parts = parts;
  }

  get isStarted(): boolean {
    return this.#stage !== 'new';
  }

  get isShutDown(): boolean {
    return this.#shutdown !== undefined;
  }

  get handleSignals(): boolean {
    return this.#handleSignals;
  }

  apply(settings: {
    readonly handleSignals: boolean;
    readonly exitTimeout: number;
    readonly interval: number | undefined;
  }): void {
    this.#handleSignals = settings.handleSignals;
    this.#exitTimeout = settings.exitTimeout;
    this.#isPassive = settings.interval === Infinity;
  }

  /**
   * Brings the client back after a shutdown: it begins again with its next sample. A shutdown under way is called off, and its
   * promise is that of a flush. From `exit` on, nothing comes back.
   */
  comeBack(): void {
    if (this.#shutdown === undefined || isExiting()) return;
    this.#shutdown = undefined;
    this.#hasSaidLoss = this.#hasSaidLateLoss = false;
    this.#parts.delivery.isLast = false;
    if (this.#stage === 'ended') this.#stage = 'new';
  }

  /** Begins to work, at the first sample. When it throws, because the stack has no room left, the next sample tries again. */
  start(): void {
    if (this.#stage !== 'new' || this.#starting) return;
    this.#starting = true;
    try {
      this.#parts.start();
    } finally {
      this.#starting = false;
    }
  }

  /** Enters a stage, also the one that the client is in: a change of `handleSignals` takes effect then. */
  enter(stage: Exclude<Stage, 'new'>): void {
    this.#stage = stage;
    const { flusher, delivery, sweeping } = this.#parts;
    switch (stage) {
      case 'keeping':
      case 'sending':
        if (this.#isPassive) sweeping.stop();
        else sweeping.start();
        flusher.start();
        if (stage === 'sending') flusher.sendNow();
        // Recorded for the first time by a listener of `exit`: ours wouldn't be called any more.
        if (!watchExit(this)) this.end(this.#parts.surroundings.now());
        break;
      case 'disabled':
      case 'ended':
        sweeping.stop();
        flusher.stop();
        // A metric that waits would go on aggregating.
        delivery.abandon();
        unwatchExit(this);
        break;
      case 'ending':
        break;
    }
  }

  /** Puts back the listeners of the end that somebody has removed since. Called at each flush of the interval. */
  keepWatch(): void {
    if (this.#stage === 'keeping' || this.#stage === 'sending') watchExit(this);
  }

  /** Called with a metric that has its first sample since it was sent. */
  touched(metric: Metric): void {
    const { outbox, flusher } = this.#parts;
    switch (STAGES[this.#stage].touched) {
      case 'keep':
        outbox.add(metric);
        flusher.wake();
        break;
      case 'send':
        outbox.add(metric);
        flusher.sendNow();
        break;
      case 'drain':
        outbox.add(metric);
        this.#drain();
        break;
      case 'clear':
        metric.clear();
        break;
      case 'refuse':
        metric.clear();
        this.#parts.intake.refuse(
          'shutdown',
          () =>
            `${metric.kind} ${metric.name} was recorded after shutdown (configure brings the client back)`,
        );
        break;
      case 'start':
        this.start();
        // A logger that records while the client starts finds it new still.
        if (this.#stage === 'new') outbox.add(metric);
        else this.touched(metric);
        break;
    }
  }

  /** Called with a line that leaves as it stands: an event, or a service check. `what` names it in a warning. */
  takeLine(line: string, what: string): void {
    this.start();
    const { lines, flusher, intake } = this.#parts;
    switch (STAGES[this.#stage].touched) {
      case 'keep':
      case 'send':
        lines.add(line);
        flusher.sendLines();
        break;
      case 'drain':
        lines.add(line);
        this.#drain();
        break;
      case 'start':
        lines.add(line);
        break;
      case 'refuse':
        intake.refuse('shutdown', () => `${what} came after shutdown (configure brings the client back)`);
        break;
      case 'clear':
        break;
    }
  }

  /**
   * Decides on a call with a sample rate below 1. While samples are sent one by one, the call is kept with the probability of
   * its rate, and leaves by itself. While they are aggregated a rate would save nothing, so each call is recorded.
   */
  sample(rate: number, view: () => MetricView): Sampled {
    this.start();
    const { flusher, ledger, surroundings } = this.#parts;
    if (!STAGES[this.#stage].samples || flusher.busy) return 'record';
    if (surroundings.random() >= rate) {
      ledger.sampledOut++;
      return 'left out';
    }
    return flusher.sendAlone(view()) ? 'sent' : 'kept';
  }

  /** Sends what is pending; see `StatsdClient.flush`. */
  flush(timeout: number): Promise<FlushResult> {
    if (this.#shutdown !== undefined) return this.#shutdown;
    return STAGES[this.#stage].flushes ? this.#parts.flusher.flush(timeout) : Promise.resolve(NOTHING_SENT);
  }

  /** Sends what is pending and ends the client; see `StatsdClient.shutdown`. */
  shutdown(timeout: number): Promise<FlushResult> {
    if (this.#shutdown !== undefined) return this.#shutdown;
    this.start(); // until all has left, samples are recorded by the rules of a started client
    this.#parts.shutDown();
    const isCalledOff = (): boolean => this.#shutdown !== shutdown;
    const shutdown = this.#flushLast(timeout, isCalledOff).then((result) => {
      if (isCalledOff()) return result;
      this.enter('ended');
      this.#parts.transport.close();
      return result;
    });
    this.#shutdown = shutdown;
    return shutdown;
  }

  /** Sends everything that waits, and then what rounding has left of counters that don't. */
  async #flushLast(timeout: number, isCalledOff: () => boolean): Promise<FlushResult> {
    const { delivery, flusher, surroundings, addRemainders } = this.#parts;
    const deadline = surroundings.now() + timeout;
    delivery.isLast = true;
    const result = await this.flush(timeout);
    if (isCalledOff() || !STAGES[this.#stage].flushes || !addRemainders()) return result;
    const { sent, pending } = await flusher.flush(Math.max(0, deadline - surroundings.now()));
    return { sent: result.sent + sent, pending };
  }

  flushNow(dies: boolean, began: number): void {
    if (!STAGES[this.#stage].flushes) return;
    const { flusher, delivery, report, beforeFlush, addRemainders, goOn } = this.#parts;
    // The process may be gone before the event loop turns, so warnings go straight to stderr.
    report.exiting = dies;
    delivery.isLast = dies;
    beforeFlush();
    flusher.drain(dies ? this.#left(began) : 0, dies);
    if (dies && addRemainders()) flusher.drain(this.#left(began), true);
    if (dies) this.#sayWhatIsLost(this.#parts.outbox.pending);
    // Listeners of others come after ours, and may record: until the event loop turns, their samples leave at once.
    this.#drain = () => flusher.drain(0, dies);
    this.enter('ending');
    setImmediate(() => {
      report.exiting = false;
      delivery.isLast = this.isShutDown; // by a listener of the app's
      goOn();
    });
  }

  end(began: number): void {
    if (!STAGES[this.#stage].flushes) return;
    const { flusher, delivery, transport, report, ledger, beforeFlush, addRemainders } = this.#parts;
    report.exiting = true;
    delivery.isLast = true;
    const drain = (say: (samples: number) => void): void => {
      flusher.drain(this.#left(began), true);
      const before = ledger.dropped.ended;
      delivery.abandon();
      say(ledger.dropped.ended - before);
      // Nobody closes the descriptors of a native library when a worker thread ends.
      if (!isMainThread()) transport.close();
    };
    // Before the callbacks of gauges, which are code of the app and may end the process.
    flusher.drain(this.#left(began), true);
    beforeFlush();
    flusher.drain(this.#left(began), true);
    addRemainders();
    drain((samples) => this.#sayWhatIsLost(samples));
    // Other listeners of `exit` may still record.
    this.#drain = () => drain((samples) => this.#sayThatLateSamplesAreLost(samples));
    this.enter('ending');
  }

  /** The rest of the time that the end of the process may take, in ms. */
  #left(began: number): number {
    return Math.max(0, began + this.#exitTimeout - this.#parts.surroundings.now());
  }

  /** Samples of listeners of `exit` come one by one, and nobody knows which is the last: so the line has no number. */
  #sayThatLateSamplesAreLost(samples: number): void {
    if (samples <= 0 || this.#hasSaidLateLoss) return;
    this.#hasSaidLateLoss = true;
    const { report, transport } = this.#parts;
    report.warn(
      `the process ends, and nobody takes what a listener of exit records: ${transport.stats().detail}`,
    );
  }

  #sayWhatIsLost(samples: number): void {
    if (samples <= 0 || this.#hasSaidLoss) return;
    this.#hasSaidLoss = true;
    const { report, transport } = this.#parts;
    report.warn(
      `the process ends with ${samples} ${samples === 1 ? 'sample' : 'samples'} that nobody took: ${transport.stats().detail}`,
    );
  }
}
