import type { Counter } from '../metric/counter.js';
import type { Channel } from '../transport/transport.js';

/**
 * Counters that the app holds. The collector gets a 0 for each of them before they have a sample, so that a monitoring system
 * sees the rise from 0 to 1. Without the 0 a series begins with its first event, and a query for its rise shows nothing.
 */
export class Announcements {
  readonly #counters = new Set<Counter>();
  #channel: Channel | undefined;
  /** How many of the counters the channel has, and how many with those that are under way. */
  #announced = 0;
  #underWay = 0;

  add(counter: Counter): void {
    this.#counters.add(counter);
  }

  /** A run begins. What an earlier run couldn't announce is under way no more. */
  begin(): void {
    this.#underWay = this.#announced;
  }

  /** The counters to announce in this run. Those with samples announce themselves. */
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

  /** All that was under way has left. */
  confirm(): void {
    this.#announced = this.#underWay;
  }

  /** The receiver has gone. The next one doesn't know the counters. */
  lose(): void {
    this.#channel = undefined;
    this.#announced = this.#underWay = 0;
  }
}
