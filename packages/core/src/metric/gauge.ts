import { Metric, isNumberWithin } from './metric.js';
import type { GaugeView } from './view.js';

/** The last value, and the time at which it was set. */
export class Gauge extends Metric implements GaugeView {
  static readonly sample = 'the value';
  #value = -0;
  #time = -0;
  #change: number | undefined = undefined;
  #repeatedEvery = 0;
  #isPassedOn = false;

  get kind(): 'gauge' {
    return 'gauge';
  }

  get value(): number {
    return this.#value;
  }

  get time(): number {
    return this.#time;
  }

  /** The sum of the changes that haven't been sent. `undefined` once the value itself was set. */
  get change(): number | undefined {
    return this.#change;
  }

  /** How often the sender repeats an unchanged value, in seconds. 0 if it doesn't repeat the value. */
  get repeatedEvery(): number {
    return this.#repeatedEvery;
  }

  /** Whether another client has set it. */
  get isPassedOn(): boolean {
    return this.#isPassedOn;
  }

  /** Sets the value. Refuses a value that isn't a finite number. */
  set(value: number): void {
    if (!isNumberWithin(value, Number.MAX_VALUE)) {
      this.owner.rejected(Gauge.sample, this.name, value);
      return;
    }
    this.#value = value;
    this.#time = this.owner.now();
    this.#change = undefined;
    this.countCalls(1);
  }

  /**
   * Sets a value that another client has sent.
   *
   * @param time - When the other client set it, in ms since 1970. Default: now.
   */
  pass(value: number, time: number | undefined, repeatedEvery: number): void {
    this.set(value);
    if (time !== undefined) this.#time = time;
    this.#repeatedEvery = repeatedEvery;
    this.#isPassedOn = true;
  }

  /** Notes how often the sender repeats the value. */
  repeatEvery(seconds: number): void {
    this.#repeatedEvery = seconds;
  }

  /**
   * Notes a change of a gauge whose value is unknown here.
   *
   * @param value - The sum of all changes.
   */
  changeBy(change: number, value: number): void {
    if (!isNumberWithin(value, Number.MAX_VALUE) || !isNumberWithin(change, Number.MAX_VALUE)) {
      this.owner.rejected(Gauge.sample, this.name, change);
      return;
    }
    this.#value = value;
    this.#time = this.owner.now();
    // Set before `countCalls`, because that may send the gauge at once.
    this.#change = (this.#change ?? 0) + change;
    this.countCalls(1);
  }

  static accepts(value: unknown): boolean {
    return isNumberWithin(value, Number.MAX_VALUE);
  }

  clear(): number {
    if (this.#change !== undefined) this.#change = 0;
    return this.forgetCalls();
  }

  handOver(other: Gauge): void {
    this.forgetCalls();
    if (this.#change !== undefined) other.changeBy(this.#change, this.#value);
    else if (this.#isPassedOn) other.pass(this.#value, this.#time, this.#repeatedEvery);
    else other.set(this.#value);
  }

  override get isRepeated(): boolean {
    return this.#repeatedEvery > 0;
  }
}
