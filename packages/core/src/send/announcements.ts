import type { Counter } from '../metric/counter.js';
import type { Channel } from '../transport/transport.js';

/**
 * Counters that the app holds. The collector gets a 0 for each of them before its first sample, so that a monitoring system sees
 * the rise from 0 to 1. Without the 0 a series begins with its first event, and a query for its rise misses that event.
 */
export class Announcements {
  readonly #counters = new Set<Counter>();
  #channel: Channel | undefined;
  /** How many counters the channel has, and how many with those that this run sends. */
  #announced = 0;
  #underWay = 0;

  add(counter: Counter): void {
    this.#counters.add(counter);
  }

  /** Called when a run begins. Counters that an earlier run couldn't announce are tried again. */
  begin(): void {
    this.#underWay = this.#announced;
  }

  /** The counters to announce in this run. Counters with samples need no announcement. */
  next(channel: Channel): readonly Counter[] {
    if (channel !== this.#channel) this.lose();
    const { size } = this.#counters;
    if (this.#underWay === size || channel.leadsToCollector?.() !== true) return [];
    this.#channel = channel;
    const counters = [...this.#counters]
      .slice(this.#underWay)
      .filter((counter) => counter.idle && !counter.released);
    this.#underWay = size;
    return counters;
  }

  /** Called when all announced counters have left. */
  confirm(): void {
    this.#announced = this.#underWay;
  }

  /** Called when the receiver has gone, because the next one doesn't know the counters. */
  lose(): void {
    this.#channel = undefined;
    this.#announced = this.#underWay = 0;
  }
}
