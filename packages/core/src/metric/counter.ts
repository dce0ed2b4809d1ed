import { Metric, isNumberWithin } from './metric.js';
import type { CounterView } from './view.js';

/**
 * A sum of deltas. A format that has no decimals writes the sum rounded, and the remainder stays for the next message, so
 * that sums over time are exact.
 */
export class Counter extends Metric implements CounterView {
  /** How a warning calls what is recorded. */
  static readonly sample = 'the delta';
  readonly kind = 'counter';
  value = -0;

  /** Adds `delta`. What isn't a finite number of at most 2^53 − 1 in magnitude is refused. */
  add(delta: number): void {
    if (!isNumberWithin(delta, Number.MAX_SAFE_INTEGER)) {
      this.owner.rejected(Counter.sample, this.name, delta);
      return;
    }
    this.value += delta;
    if (this.calls++ === 0) this.owner.touched(this);
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
    return Math.round(this.value);
  }

  clear(): number {
    const { calls } = this;
    this.value = -0;
    this.calls = 0;
    return calls;
  }

  /** Forgets the whole part, because it has left alone, and returns how many calls that were. The rest stays. */
  clearWhole(): number {
    const { calls } = this;
    this.value -= this.whole;
    this.calls = 0;
    return calls;
  }

  /** Whether nothing is left but what rounding has left. */
  get isRemainder(): boolean {
    return this.calls === 0 && this.value !== 0;
  }

  handOver(other: Counter): void {
    const { value } = this;
    this.value = this.calls = 0;
    other.add(value);
  }

  override get idle(): boolean {
    return this.calls === 0 && this.value === 0;
  }
}
