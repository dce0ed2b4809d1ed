/** The clocks of this machine, in ms. */
export interface Clocks {
  /** The time since 1970. This clock may be set back. */
  readonly wall: () => number;
  /** A clock that never goes back. */
  readonly steady: () => number;
}

export const CLOCKS: Clocks = { wall: () => Date.now(), steady: () => performance.now() };

/** A span of time in which samples were added up. */
export interface Period {
  /** The time of its values in the store, in Unix seconds. This is the period's beginning, so it isn't in the future. */
  readonly time: number;
  /** The length of the period, in seconds. */
  readonly seconds: number;
}

/**
 * Cuts time into periods that begin at multiples of the interval, by the machine's clock. Two periods must not have times in one
 * of carbon's slots, because carbon keeps only the last value of a series in a slot.
 *
 * A restarted collector begins within a period for which the collector before it has already written values. So the first period
 * lasts until the end of the next one, and has the time of that one.
 */
export class Periods {
  readonly #interval: number;
  readonly #clocks: Clocks;
  /** The beginning of the current period, by the steady clock. */
  #began: number;
  /** The time under which the current period will be written, in ms since 1970. */
  #label: number;

  /** @param interval - in ms, at least 1,000. */
  constructor(interval: number, clocks: Clocks) {
    this.#interval = interval;
    this.#clocks = clocks;
    this.#began = clocks.steady();
    this.#label = (Math.floor(clocks.wall() / interval) + 1) * interval;
  }

  /** The time until the current period ends, in ms. */
  get left(): number {
    return Math.max(0, Math.min(2 * this.#interval, this.#label + this.#interval - this.#clocks.wall()));
  }

  /** Ends the period at the end of an interval, and begins the next one. */
  next(): Period {
    const label = this.#label;
    const grid = Math.floor(this.#clocks.wall() / this.#interval) * this.#interval;
    // The timer may be a little early, and the clock may have been set back a little. The label goes on as usual then. It follows
    // a clock that was set far back.
    const isNear = grid <= label && label - grid <= this.#interval;
    this.#label = isNear ? label + this.#interval : grid;
    return this.#end(label);
  }

  /** Ends the period before its end, because the collector ends. */
  last(): Period {
    // The label of the first period may still be in the future.
    return this.#end(Math.min(this.#label, this.#clocks.wall()));
  }

  #end(label: number): Period {
    const now = this.#clocks.steady();
    const seconds = Math.max(1, now - this.#began) / 1000;
    this.#began = now;
    return { time: Math.floor(label / 1000), seconds };
  }
}
