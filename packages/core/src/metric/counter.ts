import { Metric, isNumberWithin } from './metric.js';
import type { CounterView } from './view.js';

/**
 * A sum of deltas. A format that has no decimals writes the sum rounded, and the remainder stays for the next message, so
 * that sums over time are exact.
 */
export class Counter extends Metric implements CounterView {
  /** How a warning calls what is recorded. */
  static readonly sample = 'the delta';
  #value = -0;

  get kind(): 'counter' {
    return 'counter';
  }

  /** The sum so far, with its fraction. */
  get value(): number {
    return this.#value;
  }

  /** Adds `delta`. What isn't a finite number of at most 2^53 − 1 in magnitude is refused. */
  add(delta: number): void {
    if (!isNumberWithin(delta, Number.MAX_SAFE_INTEGER)) {
      this.owner.rejected(Counter.sample, this.name, delta);
      return;
    }
    this.#value += delta;
    this.countCalls(1);
  }

  /** The same rule, for those who ask first. Asked here, it would cost a third of the call. */
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

  /** Forgets the whole part, because it has left alone, and returns how many calls that were. The rest stays. */
  clearWhole(): number {
    this.#value -= this.whole;
    return this.forgetCalls();
  }

  /** Whether nothing is left but what rounding has left. */
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
