import { Metric, isNumberWithin } from './metric.js';
import type { GaugeView } from './view.js';

/** The last value that was set, and when. */
export class Gauge extends Metric implements GaugeView {
  static readonly sample = 'the value';
  readonly kind = 'gauge';
  value = -0;
  time = -0;
  /** The sum of the changes that haven't left; `undefined` once the value is known. */
  change: number | undefined = undefined;

  /** Sets the value. What isn't a finite number is refused. */
  set(value: number): void {
    if (!isNumberWithin(value, Number.MAX_VALUE)) {
      this.owner.rejected(Gauge.sample, this.name, value);
      return;
    }
    this.value = value;
    this.time = this.owner.now();
    this.change = undefined;
    if (this.calls++ === 0) this.owner.touched(this);
  }

  /**
   * Notes a change of a gauge whose value nobody here knows.
   *
   * @param value - The sum of all changes.
   */
  changeBy(change: number, value: number): void {
    const waiting = this.change ?? 0;
    this.set(value);
    this.change = waiting + change;
  }

  static accepts(value: unknown): boolean {
    return isNumberWithin(value, Number.MAX_VALUE);
  }

  clear(): number {
    const { calls } = this;
    this.calls = 0;
    if (this.change !== undefined) this.change = 0;
    return calls;
  }

  handOver(other: Gauge): void {
    this.calls = 0;
    if (this.change === undefined) other.set(this.value);
    else other.changeBy(this.change, this.value);
  }
}
