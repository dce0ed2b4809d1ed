import type { Metric } from '../metric/metric.js';
import type { MetricView } from '../metric/view.js';
import type { Sampled } from '../record/recorder.js';
import type { FlushResult } from '../send/flusher.js';
import { type Ending, isExiting, unwatchExit, watchExit } from './exit.js';
import { LastFlush } from './last-flush.js';
import type { Living } from './living.js';
import { STAGES, type Stage } from './stages.js';

const NOTHING_SENT: FlushResult = { sent: 0, pending: 0 };

/** The life of a client: its stage, the fate of a sample in that stage, and its end. */
export class Life implements Ending {
  readonly #parts: Living;
  #stage: Stage = 'new';
  #starting = false;
  #handleSignals = true;
  #isPassive = false;
  #shutdown: Promise<FlushResult> | undefined;
  readonly #lastFlush: LastFlush;

  constructor(parts: Living) {
    this.#parts = parts;
    this.#lastFlush = new LastFlush(parts, {
      enter: () => this.enter('ending'),
      isShutDown: () => this.isShutDown,
    });
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
    this.#lastFlush.timeout = settings.exitTimeout;
    this.#isPassive = settings.interval === Infinity;
  }

  /**
   * Brings the client back after a shutdown. It starts again with its next sample. A pending shutdown is called off, and its
   * promise resolves like that of a flush. After the event `exit` no client comes back.
   */
  comeBack(): void {
    if (this.#shutdown === undefined || isExiting()) return;
    this.#shutdown = undefined;
    this.#lastFlush.beginAgain();
    this.#parts.delivery.isLast = false;
    if (this.#stage === 'ended') this.#stage = 'new';
  }

  /** Starts the client, at the first sample. If the start throws, as with a full stack, the next sample tries again. */
  start(): void {
    if (this.#stage !== 'new' || this.#starting) return;
    this.#starting = true;
    try {
      this.#parts.start();
    } finally {
      this.#starting = false;
    }
  }

  /** Enters a stage. Entering the current stage again applies a change of `handleSignals`. */
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
        // If a listener of `exit` records the first sample, our listener won't be called, so this is the end already.
        if (!watchExit(this)) this.end(this.#parts.surroundings.now());
        break;
      case 'disabled':
      case 'ended':
        sweeping.stop();
        flusher.stop();
        // Given up, because a waiting metric would go on aggregating.
        delivery.abandon();
        unwatchExit(this);
        break;
      case 'ending':
        break;
    }
  }

  /** Puts back our listeners of the end if other code has removed them. Called at each flush of the interval. */
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
        this.#lastFlush.drain();
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
        // The start isn't over yet if a logger records during it.
        if (this.#stage === 'new') outbox.add(metric);
        else this.touched(metric);
        break;
    }
  }

  /** Takes an event or a service check, as a finished line. `what` names it in a warning. */
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
        this.#lastFlush.drain();
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
   * Decides the fate of a call with a sample rate below 1. While samples are sent one by one, the call is kept with the
   * probability of its rate, and leaves in its own message. While samples are aggregated each call is recorded, because a rate
   * would save nothing.
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

  /** Sends all pending samples, as `StatsdClient.flush` describes. */
  flush(timeout: number): Promise<FlushResult> {
    if (this.#shutdown !== undefined) return this.#shutdown;
    return STAGES[this.#stage].flushes ? this.#parts.flusher.flush(timeout) : Promise.resolve(NOTHING_SENT);
  }

  /** Sends all pending samples and ends the client, as `StatsdClient.shutdown` describes. */
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

  /** Sends all pending samples, and then counters with only a remainder of rounding. */
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
    if (STAGES[this.#stage].flushes) this.#lastFlush.flushNow(dies, began);
  }

  end(began: number): void {
    if (STAGES[this.#stage].flushes) this.#lastFlush.end(began);
  }
}
