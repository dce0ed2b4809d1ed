import { isMainThread } from '../host/builtin.js';
import { setImmediate } from '../host/timers.js';
import type { Living } from './living.js';

/** The part of a client's life that the last flush reads and changes. */
interface Stage {
  /** Enters the stage `ending`. */
  readonly enter: () => void;
  readonly isShutDown: () => boolean;
}

/**
 * The flush at the end of the process, and the warning about samples that are lost. It is synchronous, because the event loop may
 * not turn again.
 */
export class LastFlush {
  /** How long the end of the process may take, in ms. */
  timeout = 0;
  /** Sends the samples that other listeners record while the process ends. */
  drain: () => void = () => {};
  readonly #parts: Living;
  readonly #stage: Stage;
  #hasSaidLoss = false;
  #hasSaidLateLoss = false;

  constructor(parts: Living, stage: Stage) {
    this.#parts = parts;
    this.#stage = stage;
  }

  /** Called when the client comes back after a shutdown, so that the next loss is warned about again. */
  beginAgain(): void {
    this.#hasSaidLoss = this.#hasSaidLateLoss = false;
  }

  /**
   * Sends all pending samples synchronously. Called when a signal has come or, in Deno, an uncaught error.
   *
   * @param dies - Whether the process ends by it.
   * @param began - When the end began, in ms of `surroundings.now()`.
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
    // Listeners of the app run after ours and may record. Their samples leave at once until the event loop turns.
    this.drain = () => flusher.drain(0, dies);
    this.#stage.enter();
    setImmediate(() => {
      report.exiting = false;
      delivery.isLast = this.#stage.isShutDown(); // a listener of the app may have shut the client down
      goOn();
    });
  }

  /** Sends all pending samples synchronously. Called at the event `exit`. */
  end(began: number): void {
    const { flusher, delivery, transport, report, ledger, beforeFlush, addRemainders } = this.#parts;
    report.exiting = true;
    delivery.isLast = true;
    const drain = (say: (samples: number) => void): void => {
      flusher.drain(this.#left(began), true);
      const before = ledger.dropped.ended;
      delivery.abandon();
      say(ledger.dropped.ended - before);
      // A worker thread that ends leaves the descriptors of a native library open, so the transport closes them.
      if (!isMainThread()) transport.close();
    };
    // Sent before the gauge callbacks run, because these are code of the app and may end the process.
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

  /** This warning has no number of samples, because listeners of `exit` record one by one and the last one isn't known. */
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
