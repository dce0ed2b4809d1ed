import type { Surroundings } from '../host/surroundings.js';
import { RETRY_MS } from '../retry/next-try.js';
import { defaultIntervalMs, followsReceiver } from './interval.js';

/** Time from the first sample to the first flush, in ms. It is short, so that a newcomer sees something soon. */
const FIRST_FLUSH_MS = 1_000;
/** Time between two checks for another interval of the receiver, in ms, while samples wait. */
const LOOK_MS = 1_000;

export interface RhythmParts {
  readonly surroundings: Surroundings;
  /** Whether something waits for the next flush. */
  readonly waits: () => boolean;
  /** Whether nobody was there at the last flush. */
  readonly isUnavailable: () => boolean;
  /**
   * The time at which a flush is due although no sample waits, in ms of the surroundings' `now()`. Gauge callbacks must be read
   * then, or gauges repeated. `Infinity`: never.
   */
  readonly nextUnasked: () => number;
  /** Time between flushes that the receiver asks for, in ms. Undefined if it doesn't ask. */
  readonly wanted: () => number | undefined;
  /** Begins a flush. */
  readonly flush: () => void;
}

/**
 * Decides when the flushes of the interval come. They lie on a grid of times, so that a receiver with intervals of its own gets
 * the same number of flushes in each. While no sample waits there is no timer. The next sample wakes it.
 */
export class Rhythm {
  readonly #parts: RhythmParts;
  readonly #now: () => number;
  /** The interval that the app has set, in ms. It wins over the receiver's. */
  #given: number | undefined;
  /** The interval in force, in ms. Undefined: the default, which is read at the first sample. */
  #interval: number | undefined;
  #startedAt: number | undefined;
  #isFirst = true;
  /** The times of the last flush and of the next one. */
  #last = 0;
  #due = 0;
  /** Whether a sample or a change has woken it. False while no sample waits. */
  #isAwake = false;
  #cancel: (() => void) | undefined;

  constructor(parts: RhythmParts) {
    this.#parts = parts;
    this.#now = parts.surroundings.now;
  }

  /** Whether it has begun only a moment ago, so that a missing receiver may still be starting. */
  get isEarly(): boolean {
    return this.#startedAt !== undefined && this.#now() < this.#startedAt + RETRY_MS.secondFlush;
  }

  /**
   * Applies the interval that the app has set. A change restarts the wait.
   *
   * @param given - the interval, in ms. `Infinity`: no flush comes by itself.
   */
  apply(given: number | undefined): void {
    if (given === this.#given) return;
    this.#given = given;
    this.#interval = given;
    if (this.#startedAt === undefined) return;
    this.#due = this.#now() + this.#wait;
    this.#isAwake = false;
    this.start();
  }

  /** Begins at the first sample. If it has begun already, it goes on. */
  start(): void {
    if (this.#startedAt === undefined) {
      this.#startedAt = this.#now();
      this.#isFirst = true;
      this.#due = this.#startedAt + this.#wait;
    }
    if (this.#parts.waits() || this.#parts.nextUnasked() < Infinity) this.wake();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#isAwake = false;
    this.#startedAt = undefined;
  }

  /** Called with each metric that begins to wait. Only the first one after a flush does anything. */
  wake(): void {
    if (this.#isAwake || this.#startedAt === undefined) return;
    this.#isAwake = true;
    if (!this.#isFirst) this.#due = this.#onGrid(this.#due); // flushes went by without anything to send
    this.#in(0, this.#woken);
  }

  readonly #woken = (): void => {
    this.#look();
    this.#beat();
  };

  readonly #looked = (): void => {
    if (this.#given === undefined && this.#parts.waits()) this.#look();
    this.#beat();
  };

  #beat(): void {
    this.#trySoon();
    const { waits, nextUnasked } = this.#parts;
    const now = this.#now();
    if (now >= (waits() ? this.#due : Math.max(this.#due, nextUnasked()))) {
      this.#passed(now);
      this.#parts.flush();
    }
    this.#goOn();
  }

  /**
   * A flush begins, and the next one is due on the grid. The first interval is cut short at random, so that processes that
   * were started together don't flush in step.
   */
  #passed(now: number): void {
    this.#last = now;
    const { random } = this.#parts.surroundings;
    this.#due = this.#isFirst ? now + this.#every * random() : this.#onGrid(this.#due);
    this.#isFirst = false;
  }

  get #every(): number {
    return (this.#interval ??= defaultIntervalMs());
  }

  /** The wait for the next flush if it begins now, in ms. The first wait is short, except with `Infinity`. */
  get #wait(): number {
    const isShortened = this.#isFirst && this.#every !== Infinity;
    return isShortened ? Math.min(FIRST_FLUSH_MS, this.#every) : this.#every;
  }

  /** The next future time on the grid that `time` lies on. */
  #onGrid(time: number): number {
    const passed = this.#now() - time;
    return passed < 0 ? time : time + (Math.floor(passed / this.#every) + 1) * this.#every;
  }

  /**
   * Reads the interval that the receiver asks for. A shorter interval counts from the last flush. The first wait of a longer
   * interval is cut short at random, because all clients learn of it at the same time.
   */
  #look(): void {
    const wanted = this.#parts.wanted();
    if (this.#given !== undefined || !followsReceiver()) return;
    const [before, interval] = [this.#every, wanted ?? defaultIntervalMs()];
    this.#interval = interval;
    if (interval === before || this.#isFirst) return;
    const { random } = this.#parts.surroundings;
    this.#due = this.#last + (interval < before ? interval : before + (interval - before) * random());
  }

  /**
   * Makes the second try come soon, if nobody was there at the first flush. The warning comes after this second try. Flushes in
   * between came too early for the warning.
   */
  #trySoon(): void {
    const second = this.#startedAt! + RETRY_MS.secondFlush;
    if (!this.#isFirst && this.#last < second && this.#parts.isUnavailable()) {
      this.#due = Math.min(this.#due, second);
    }
  }

  /** Sets the timer for the next flush, or the next look, whichever comes first. */
  #goOn(): void {
    const { waits, nextUnasked } = this.#parts;
    this.#isAwake = waits();
    const due = this.#isAwake ? this.#due : Math.max(this.#due, nextUnasked());
    if (due === Infinity) return;
    const left = Math.max(0, due - this.#now());
    const looks = this.#isAwake && (this.#given === undefined || this.isEarly);
    this.#in(looks ? Math.min(left, LOOK_MS) : left, this.#looked);
  }

  #in(ms: number, call: () => void): void {
    this.#cancel?.();
    this.#cancel = this.#parts.surroundings.later(ms, call);
  }
}
