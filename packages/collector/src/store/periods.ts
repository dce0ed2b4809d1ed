/** The clocks of this machine, in ms. */
export interface Clocks {
  /** Since 1970. It may be set back. */
  readonly wall: () => number;
  /** It never goes back. */
  readonly steady: () => number;
}

export const CLOCKS: Clocks = { wall: () => Date.now(), steady: () => performance.now() };

/** A time in which samples were added up. */
export interface Period {
  /** The time that its values get in the store, in Unix seconds. It is the beginning of the period, so it isn't in the future. */
  readonly time: number;
  /** How long it was, in seconds. */
  readonly seconds: number;
}

/**
 * Cuts time into periods that begin at multiples of the interval by the clock of the machine. Carbon keeps one value a series
 * and slot, the last that came, so two periods must not have times in one slot.
 *
 * A collector that is started again begins within a period of the one before it, which has written its last values under that
 * period's time. So the first period of a collector goes on to the end of the next one, and has that one's time.
 */
export class Periods {
  readonly #interval: number;
  readonly #clocks: Clocks;
  /** When the period under way began, by the steady clock. */
  #began: number;
  /** The time under which it is written, in ms since 1970. */
  #label: number;

  /** @param interval - in ms, at least 1,000. */
  constructor(interval: number, clocks: Clocks) {
    this.#interval = interval;
    this.#clocks = clocks;
    this.#began = clocks.steady();
    this.#label = (Math.floor(clocks.wall() / interval) + 1) * interval;
  }

  /** How long it is until the period under way ends, in ms. */
  get left(): number {
    return Math.max(0, Math.min(2 * this.#interval, this.#label + this.#interval - this.#clocks.wall()));
  }

  /** Ends the period at the end of an interval, and begins the next one. */
  next(): Period {
    const label = this.#label;
    const grid = Math.floor(this.#clocks.wall() / this.#interval) * this.#interval;
    // A timer may come a little early, and the clock may have been set back a little. A clock that was set far back is followed.
    const isNear = grid <= label && label - grid <= this.#interval;
    this.#label = isNear ? label + this.#interval : grid;
    return this.#end(label);
  }

  /** Ends the period before its end, because the collector ends. */
  last(): Period {
    // The first period may not have come to its time yet.
    return this.#end(Math.min(this.#label, this.#clocks.wall()));
  }

  #end(label: number): Period {
    const now = this.#clocks.steady();
    const seconds = Math.max(1, now - this.#began) / 1000;
    this.#began = now;
    return { time: Math.floor(label / 1000), seconds };
  }
}
