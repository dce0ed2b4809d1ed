import type { Surroundings } from './surroundings.js';

/**
 * Calls a function at regular times, as long as the function has work. Without work it sleeps without a timer, until `wake`. The
 * process doesn't wait for it.
 */
export class Periodic {
  readonly #surroundings: Pick<Surroundings, 'later' | 'now'>;
  readonly #ms: number;
  readonly #call: () => boolean;
  /** The next time on the grid. Undefined while it is stopped. */
  #due: number | undefined;
  #cancel: (() => void) | undefined;

  /**
   * @param ms - time between two calls, in ms.
   * @param call - Returns whether there is more work at the next time.
   */
  constructor(surroundings: Pick<Surroundings, 'later' | 'now'>, ms: number, call: () => boolean) {
    this.#surroundings = surroundings;
    this.#ms = ms;
    this.#call = call;
  }

  /** Begins the grid of times. If it has begun already, it goes on. */
  start(): void {
    this.#due ??= this.#surroundings.now() + this.#ms;
    this.wake();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#due = undefined;
  }

  /** Called when there is work again. Does nothing while it is awake or stopped. */
  wake(): void {
    if (this.#cancel !== undefined || this.#due === undefined) return;
    const now = this.#surroundings.now();
    if (now >= this.#due) this.#due += (Math.floor((now - this.#due) / this.#ms) + 1) * this.#ms;
    this.#cancel = this.#surroundings.later(this.#due - now, this.#turn);
  }

  readonly #turn = (): void => {
    this.#cancel = undefined;
    this.#due! += this.#ms; // timers come early, too, by less than 1 ms
    if (this.#call()) this.wake();
  };
}
