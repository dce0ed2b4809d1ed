import { Metric, isNumberWithin } from './metric.js';
import type { GaugeView } from './view.js';

/** The last value that was set, and when. */
export class Gauge extends Metric implements GaugeView {
  static readonly sample = 'the value';
  readonly kind = 'gauge';
  value = -0;
  time = -0;

  /** Sets the value. What isn't a finite number is refused. */
  set(value: number): void {
    if (!isNumberWithin(value, Number.MAX_VALUE)) {
      this.owner.rejected(Gauge.sample, this.name, value);
      return;
    }
    this.value = value;
    this.time = this.owner.now();
    if (this.calls++ === 0) this.owner.touched(this);
  }

  static accepts(value: unknown): boolean {
    return isNumberWithin(value, Number.MAX_VALUE);
  }

  clear(): number {
    const { calls } = this;
    this.calls = 0;
    return calls;
  }

  handOver(other: Gauge): void {
    this.calls = 0;
    other.set(this.value);
  }
}
