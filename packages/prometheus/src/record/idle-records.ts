import { type ExpiryTimes, MISSED_REPEATS } from './expiry.js';
import type { Recorded } from './record.js';

/**
 * The number of looks for idle metrics in the shortest time after which one is removed. The time between looks has two limits,
 * in ms.
 */
const LOOKS = 5;
const SHORTEST_MS = 100;
const LONGEST_MS = 10_000;

/** The prefix of the collector's own metrics. They don't expire, because an idle one shows that nothing has happened. */
const OWN = 'afstatsd.collector.';

/** Finds metrics that had no sample for a time, and gauges that aren't repeated any more. */
export class IdleRecords {
  readonly #times: ExpiryTimes;
  readonly #longest: number;
  /** The number of the next look. */
  #look = 0;
  /** The times of the looks, in ms of the clock. The first has the number `#first`, because older looks are forgotten. */
  #looks: number[] = [];
  #first = 0;

  constructor(times: ExpiryTimes) {
    this.#times = times;
    this.#longest = Math.max(0, ...Object.values(times));
  }

  /** The number that a record with a sample now is marked with. */
  get look(): number {
    return this.#look;
  }

  /** The interval at which `begin` has to be called, in ms. */
  get period(): number {
    const shortest = Math.min(Infinity, ...Object.values(this.#times));
    return Math.max(SHORTEST_MS, Math.min(LONGEST_MS, shortest / LOOKS));
  }

  /**
   * Begins a look. Returns a function that tells whether a record is idle.
   *
   * @param now - the time in ms, by a clock that never goes back.
   */
  begin(now: number): (record: Recorded) => boolean {
    this.#looks.push(now);
    this.#look++;
    return (record) => {
      const longest = this.#longestOf(record);
      // The time of the look after the last sample counts, so a metric is never removed too early.
      return longest !== undefined && now - (this.#looks[record.look - this.#first] ?? -Infinity) >= longest;
    };
  }

  /** Forgets old looks. No remaining record is marked with their numbers, because it would have been removed as idle. */
  end(now: number, longestRepeat: number): void {
    const longest = Math.max(this.#longest, longestRepeat);
    let old = 0;
    while (old + 1 < this.#looks.length && now - this.#looks[old + 1]! >= longest) old++;
    this.#looks.splice(0, old);
    this.#first += old;
  }

  /** The longest time that a metric may be idle, in ms. Undefined if it never expires. */
  #longestOf(record: Recorded): number | undefined {
    const { kind } = record;
    let expiry = this.#times[kind === 'decrements' ? 'counter' : kind === 'histogram' ? 'timer' : kind];
    if (expiry !== undefined && record.key.startsWith(OWN)) expiry = undefined;
    const repeat = repeatOf(record);
    return repeat === undefined ? expiry : Math.min(expiry ?? Infinity, repeat);
  }
}

/** The time after which a gauge that isn't repeated any more is removed, in ms. Undefined for other metrics. */
export function repeatOf(record: Recorded): number | undefined {
  if (record.kind !== 'gauge' || record.repeatedEvery === 0) return undefined;
  return MISSED_REPEATS * record.repeatedEvery * 1000;
}
