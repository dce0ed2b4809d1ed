import type { Surroundings } from './surroundings.js';

/**
 * Calls a function on a grid of times, as long as that has something to do: then it sleeps, without a timer, until it is woken.
 * The process doesn't wait for it.
 */
export class Periodic {
  readonly #surroundings: Pick<Surroundings, 'later' | 'now'>;
  readonly #ms: number;
  readonly #call: () => boolean;
  /** The next time on the grid. Undefined while it is stopped. */
  #due: number | undefined;
  #cancel: (() => void) | undefined;

  /**
   * @param ms - between two times on the grid.
   * @param call - Returns whether there is more to do at the next time.
   */
  constructor(surroundings: Pick<Surroundings, 'later' | 'now'>, ms: number, call: () => boolean) {
    this.#surroundings = surroundings;
    this.#ms = ms;
    this.#call = call;
  }

  /** Begins, and with it the grid. If it has begun already, it goes on. */
  start(): void {
    this.#due ??= this.#surroundings.now() + this.#ms;
    this.wake();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#due = undefined;
  }

  /** There is something to do again. Does nothing while it is awake, or stopped. */
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
