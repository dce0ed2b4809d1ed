import { Gauge } from '../metric/gauge.js';
import type { Channel } from '../transport/transport.js';
import { GAUGE_REPEAT_S } from '../wire/gauge-repeat.js';

const REPEAT_MS = GAUGE_REPEAT_S * 1000;
/** A receiver that isn't our collector at so many looks is taken to stay what it is, as long as nothing else is sent to it. */
const LOOKS = 3;

export interface GaugeRepeatsParts {
  readonly gauges: () => Iterable<Gauge>;
  readonly hasGauges: () => boolean;
  /** Milliseconds of a clock that nobody can set. */
  readonly now: () => number;
}

/**
 * Repeats to our collector, each minute, the gauges that this process has set, with the time at which they were set: as long as
 * it hears of a gauge, its process is there. To other receivers nothing is repeated, because a repeat would be a new value
 * there.
 */
export class GaugeRepeats {
  readonly #parts: GaugeRepeatsParts;
  /** Repeats of other clients' gauges, which are passed on as they come. */
  readonly #passedOn = new Set<Gauge>();
  /** When this process's own gauges are to be repeated next. Undefined before there was one. */
  #next: number | undefined;
  #isDue = false;
  #looksLeft = LOOKS;

  constructor(parts: GaugeRepeatsParts) {
    this.#parts = parts;
  }

  /** When gauges are to be repeated, by the clock that was given. `Infinity`: there is nothing to repeat, or nobody to hear it. */
  nextTime(): number {
    if (this.#looksLeft === 0 || !this.#parts.hasGauges()) return Infinity;
    this.#next ??= this.#parts.now() + REPEAT_MS;
    return this.#passedOn.size > 0 ? 0 : this.#next;
  }

  /** Whether a run has to look for repeats, also when nothing else waits. */
  get isDue(): boolean {
    return this.#isDue;
  }

  /** Has the next run repeat them if it is time. */
  dueIfTime(): void {
    if (this.#parts.now() >= this.nextTime()) this.#isDue = true;
  }

  /** Another client has repeated a gauge that has left already. Returns whether somebody may want to hear it. */
  passOn(gauge: Gauge): boolean {
    if (this.#looksLeft > 0) this.#passedOn.add(gauge);
    return this.#looksLeft > 0;
  }

  /** Whether the receiver takes repeats. It isn't asked before there is a gauge. */
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
