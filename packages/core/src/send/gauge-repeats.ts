import { Gauge } from '../metric/gauge.js';
import type { Channel } from '../transport/transport.js';
import { GAUGE_REPEAT_S } from '../wire/gauge-repeat.js';

const REPEAT_MS = GAUGE_REPEAT_S * 1000;
/** How many checks without our collector as the receiver end the repeats, until other samples are sent. */
const LOOKS = 3;

export interface GaugeRepeatsParts {
  readonly gauges: () => Iterable<Gauge>;
  readonly hasGauges: () => boolean;
  /** A monotonic clock, in ms. */
  readonly now: () => number;
}

/**
 * Repeats the gauges of this process to our collector each minute, with the time at which they were set. So the collector knows
 * that the process is still there. Other receivers get no repeats, because they would take a repeat for a new value.
 */
export class GaugeRepeats {
  readonly #parts: GaugeRepeatsParts;
  /** Gauges of other clients that were repeated, to be passed on at once. */
  readonly #passedOn = new Set<Gauge>();
  /** The next time at which this process's own gauges are repeated. Undefined before the first gauge. */
  #next: number | undefined;
  #isDue = false;
  #looksLeft = LOOKS;

  constructor(parts: GaugeRepeatsParts) {
    this.#parts = parts;
  }

  /** The time of the next repeat, in ms of `now()`. `Infinity` if there is no gauge, or no receiver that wants repeats. */
  nextTime(): number {
    if (this.#looksLeft === 0 || !this.#parts.hasGauges()) return Infinity;
    this.#next ??= this.#parts.now() + REPEAT_MS;
    return this.#passedOn.size > 0 ? 0 : this.#next;
  }

  /** Whether the next run must repeat gauges, also if nothing else waits. */
  get isDue(): boolean {
    return this.#isDue;
  }

  /** Makes the next run repeat gauges, if it is time. */
  dueIfTime(): void {
    if (this.#parts.now() >= this.nextTime()) this.#isDue = true;
  }

  /** Passes on the repeat of another client's gauge. Returns whether the receiver may want it. */
  passOn(gauge: Gauge): boolean {
    if (this.#looksLeft > 0) this.#passedOn.add(gauge);
    return this.#looksLeft > 0;
  }

  /** Whether the receiver takes repeats. False while there is no gauge. */
  isHeardBy(channel: Channel): boolean {
    if (!this.#parts.hasGauges()) return false;
    const isHeard = channel.repeatsGauges?.() === true;
    if (isHeard) this.#looksLeft = LOOKS;
    else if (channel.repeatsGauges === undefined) this.#looksLeft = 0;
    return isHeard;
  }

  /**
   * The gauges to repeat now.
   *
   * @param isHeard - Whether the receiver takes repeats.
   */
  take(isHeard: boolean): Gauge[] {
    if (!this.#isDue) return [];
    this.#isDue = false;
    const now = this.#parts.now();
    const isTime = this.#next !== undefined && now >= this.#next;
    if (isTime) this.#next = now + REPEAT_MS;
    const gauges = [...this.#passedOn];
    this.#passedOn.clear();
    if (!isHeard) {
      this.#looksLeft = Math.max(0, this.#looksLeft - 1);
      return [];
    }
    if (isTime) gauges.push(...this.#own());
    return gauges.filter((gauge) => gauge.idle);
  }

  *#own(): Generator<Gauge> {
    for (const gauge of this.#parts.gauges()) {
      if (gauge.isPassedOn) continue;
      gauge.repeatEvery(GAUGE_REPEAT_S);
      yield gauge;
    }
  }
}
