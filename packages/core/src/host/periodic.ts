import type { Surroundings } from './surroundings.js';

/** Calls a function over and over, with so many ms between. The process doesn't wait for it. */
export class Periodic {
  readonly #later: Surroundings['later'];
  readonly #ms: number;
  readonly #call: () => void;
  #cancel: (() => void) | undefined;

  constructor({ later }: Pick<Surroundings, 'later'>, ms: number, call: () => void) {
    this.#later = later;
    this.#ms = ms;
    this.#call = call;
  }

  /** Begins. If it has begun already, it goes on. */
  start(): void {
    this.#cancel ??= this.#later(this.#ms, this.#turn);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  readonly #turn = (): void => {
    this.#cancel = this.#later(this.#ms, this.#turn);
    this.#call();
  };
}
