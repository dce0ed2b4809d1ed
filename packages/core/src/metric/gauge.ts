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
  /** Seconds after which its sender repeats it while it holds; 0 as long as it doesn't. */
  repeatedEvery = 0;
  /** Another client has set it. */
  isPassedOn = false;

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
   * Sets what another client has set.
   *
   * @param time - When that was, in ms since 1970. Default: now.
   */
  pass(value: number, time: number | undefined, repeatedEvery: number): void {
    this.set(value);
    if (time !== undefined) this.time = time;
    this.repeatedEvery = repeatedEvery;
    this.isPassedOn = true;
  }

  /**
   * Notes a change of a gauge whose value nobody here knows.
   *
   * @param value - The sum of all changes.
   */
  changeBy(change: number, value: number): void {
    if (!isNumberWithin(value, Number.MAX_VALUE) || !isNumberWithin(change, Number.MAX_VALUE)) {
      this.owner.rejected(Gauge.sample, this.name, change);
      return;
    }
    this.value = value;
    this.time = this.owner.now();
    // Before the gauge is touched, because it may leave at once.
    this.change = (this.change ?? 0) + change;
    if (this.calls++ === 0) this.owner.touched(this);
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
    if (this.change !== undefined) other.changeBy(this.change, this.value);
    else if (this.isPassedOn) other.pass(this.value, this.time, this.repeatedEvery);
    else other.set(this.value);
  }

  override get isRepeated(): boolean {
    return this.repeatedEvery > 0;
  }
}
