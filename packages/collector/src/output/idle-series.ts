import type { AggregateView, StatsdClient } from '@afstatsd/core';
import { type ExpiryTimes, MISSED_REPEATS } from '../config/expiry.js';

/** How often idle metrics are looked for, in ms: five times in the shortest time after which one goes, but within these bounds. */
const LOOKS = 5;
const SHORTEST_MS = 100;
const LONGEST_MS = 10_000;

/** The collector's own metrics are touched when something happens, and show that nothing has. */
const OWN = /^afstatsd\.collector\./;

/** The state of a metric at the last look. */
interface Seen {
  readonly calls: number;
  /** When it had its last sample at the latest, in ms of the clock. */
  readonly touched: number;
}

/** Lets go of metrics that had no sample for a time, and of gauges that aren't repeated any more. */
export class IdleSeries {
  readonly #clients: readonly StatsdClient[];
  readonly #times: ExpiryTimes;
  readonly #now: () => number;
  readonly #seen = new WeakMap<AggregateView, Seen>();

  /** @param now - A clock in ms that never goes back. */
  constructor(clients: readonly StatsdClient[], times: ExpiryTimes, now: () => number) {
    this.#clients = clients;
    this.#times = times;
    this.#now = now;
  }

  /** How often `letGo` is to be called, in ms. */
  get period(): number {
    const shortest = Math.min(Infinity, ...Object.values(this.#times));
    return Math.max(SHORTEST_MS, Math.min(LONGEST_MS, shortest / LOOKS));
  }

  /** @param onGone - Called with each metric that goes. */
  letGo(onGone: (view: AggregateView) => void): void {
    const now = this.#now();
    for (const client of this.#clients) {
      client.forget((view) => {
        const isGone = this.#isIdle(view, now);
        if (isGone) onGone(view);
        return isGone;
      });
    }
  }

  #isIdle(view: AggregateView, now: number): boolean {
    const longest = this.#longest(view);
    if (longest === undefined) return false;
    const seen = this.#seen.get(view);
    if (seen?.calls !== view.calls) {
      this.#seen.set(view, { calls: view.calls, touched: now });
      return false;
    }
    if (now - seen.touched < longest) return false;
    this.#seen.delete(view);
    return true;
  }

  /** How long a metric may be idle, in ms. */
  #longest(view: AggregateView): number | undefined {
    let expiry = this.#times[view.kind];
    if (expiry !== undefined && OWN.test(view.name)) expiry = undefined;
    if (view.kind !== 'gauge' || !view.repeatedEvery) return expiry;
    return Math.min(expiry ?? Infinity, MISSED_REPEATS * view.repeatedEvery * 1000);
  }
}
