import { Metric, isNumberWithin } from './metric.js';
import type { CounterView } from './view.js';

/**
 * A sum of deltas. A format without decimals writes the sum rounded. The remainder stays for the next message, so sums over time
 * are exact.
 */
export class Counter extends Metric implements CounterView {
  /** The word for a recorded value in warnings. */
  static readonly sample = 'the delta';
  #value = -0;

  get kind(): 'counter' {
    return 'counter';
  }

  /** The sum so far, with its fraction. */
  get value(): number {
    return this.#value;
  }

  /** Adds `delta`, a finite number of at most 2^53 − 1 in magnitude. Other values are refused. */
  add(delta: number): void {
    if (!isNumberWithin(delta, Number.MAX_SAFE_INTEGER)) {
      this.owner.rejected(Counter.sample, this.name, delta);
      return;
    }
    this.#value += delta;
    this.countCalls(1);
  }

  /**
   * The check of `add`, for callers that need it before a metric exists. `add` has it inline, because a call would cost a third
   * more.
   */
  static accepts(delta: unknown): boolean {
    return isNumberWithin(delta, Number.MAX_SAFE_INTEGER);
  }

  increment(delta = 1): void {
    this.add(delta);
  }

  decrement(delta = 1): void {
    this.add(typeof delta === 'number' ? -delta : delta);
  }

  get whole(): number {
    return Math.round(this.#value);
  }

  clear(): number {
    this.#value = -0;
    return this.forgetCalls();
  }

  /** Forgets the whole part after it was sent rounded, and returns the number of calls. The remainder stays. */
  clearWhole(): number {
    this.#value -= this.whole;
    return this.forgetCalls();
  }

  /** Whether only a remainder of rounding is left. */
  get isRemainder(): boolean {
    return this.calls === 0 && this.#value !== 0;
  }

  handOver(other: Counter): void {
    const value = this.#value;
    this.clear();
    other.add(value);
  }

  override get idle(): boolean {
    return this.calls === 0 && this.#value === 0;
  }
}
