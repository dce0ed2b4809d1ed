import { setImmediate as turn } from 'node:timers/promises';
import type { Surroundings } from '../../src/host/surroundings.js';

interface Timer {
  readonly at: number;
  readonly call: () => void;
}

/** A clock that moves when it is told, and chance that is no chance. Timers of the clients that get it wait for it. */
export class FakeTime {
  now = 0;
  random = 0;
  /** How late every timer is, in ms, as timers of a busy process are. */
  late = 0;
  readonly #timers = new Set<Timer>();

  get surroundings(): Pick<Surroundings, 'later' | 'now' | 'random'> {
    return {
      now: () => this.now,
      random: () => this.random,
      later: (ms, call) => {
        const timer = { at: this.now + Math.max(1, ms) + this.late, call };
        this.#timers.add(timer);
        return () => void this.#timers.delete(timer);
      },
    };
  }

  /** How many timers wait. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Lets so many ms pass, with every timer in its turn, and what it has set going. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      const next = [...this.#timers].sort((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#timers.delete(next);
      this.now = Math.max(this.now, next.at);
      next.call();
      for (let turns = 0; turns < 3; turns++) await turn();
    }
    this.now = Math.max(this.now, end);
  }
}
