import { isMainThread } from '../host/builtin.js';
import { setImmediate } from '../host/timers.js';
import type { Living } from './living.js';

/** What the last flush asks and changes of a client's life. */
interface Stage {
  /** Enters the stage `ending`. */
  readonly enter: () => void;
  readonly isShutDown: () => boolean;
}

/** The flush at the end of the process, which is done when it returns, and the word about samples that nobody took. */
export class LastFlush {
  /** How long the end of the process may take, in ms. */
  timeout = 0;
  /** Sends what a listener of somebody else's records while the process ends. */
  drain: () => void = () => {};
  readonly #parts: Living;
  readonly #stage: Stage;
  #hasSaidLoss = false;
  #hasSaidLateLoss = false;

  constructor(parts: Living, stage: Stage) {
    this.#parts = parts;
    this.#stage = stage;
  }

  /** The client has come back: losses are said again. */
  beginAgain(): void {
    this.#hasSaidLoss = this.#hasSaidLateLoss = false;
  }

  /**
   * Sends what waits, before it returns, because of a signal.
   *
   * @param dies - Whether the process ends by it.
   * @param began - When the end began, by the clock of the surroundings.
   */
  flushNow(dies: boolean, began: number): void {
    const { flusher, delivery, report, beforeFlush, addRemainders, goOn } = this.#parts;
    // The process may be gone before the event loop turns, so warnings go straight to stderr.
    report.exiting = dies;
    delivery.isLast = dies;
    beforeFlush();
    flusher.drain(dies ? this.#left(began) : 0, dies);
    if (dies && addRemainders()) flusher.drain(this.#left(began), true);
    if (dies) this.#sayWhatIsLost(this.#parts.outbox.pending);
    // Listeners of others come after ours, and may record: until the event loop turns, their samples leave at once.
    this.drain = () => flusher.drain(0, dies);
    this.#stage.enter();
    setImmediate(() => {
      report.exiting = false;
      delivery.isLast = this.#stage.isShutDown(); // by a listener of the app's
      goOn();
    });
  }

  /** Sends what waits before it returns, at the event `exit`. */
  end(began: number): void {
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
    this.drain = () => drain((samples) => this.#sayThatLateSamplesAreLost(samples));
    this.#stage.enter();
  }

  /** The rest of the time that the end of the process may take, in ms. */
  #left(began: number): number {
    return Math.max(0, began + this.timeout - this.#parts.surroundings.now());
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
