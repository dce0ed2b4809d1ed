import { type ExpiryTimes, MISSED_REPEATS } from './expiry.js';
import type { Recorded } from './record.js';

/** How often idle metrics are looked for, in ms: five times in the shortest time after which one goes, but within these bounds. */
const LOOKS = 5;
const SHORTEST_MS = 100;
const LONGEST_MS = 10_000;

/** The collector's own metrics are touched when something happens, and show that nothing has. */
const OWN = 'afstatsd.collector.';

/** Finds metrics that had no sample for a time, and gauges that aren't repeated any more. */
export class IdleRecords {
  readonly #times: ExpiryTimes;
  readonly #longest: number;
  /** The number of the look that comes next. */
  #look = 0;
  /** When the looks were, in ms of the clock, from the number `#first` on. Older ones are forgotten. */
  #looks: number[] = [];
  #first = 0;

  constructor(times: ExpiryTimes) {
    this.#times = times;
    this.#longest = Math.max(0, ...Object.values(times));
  }

  /** The mark of a record that has a sample now. */
  get look(): number {
    return this.#look;
  }

  /** How often `begin` and `isIdle` are to be called, in ms. */
  get period(): number {
    const shortest = Math.min(Infinity, ...Object.values(this.#times));
    return Math.max(SHORTEST_MS, Math.min(LONGEST_MS, shortest / LOOKS));
  }

  /**
   * Begins a look, and says which records are idle at it.
   *
   * @param now - in ms of a clock that never goes back.
   */
  begin(now: number): (record: Recorded) => boolean {
    this.#looks.push(now);
    this.#look++;
    return (record) => {
      const longest = this.#longestOf(record);
      // A sample came before the look that followed it.
      return longest !== undefined && now - (this.#looks[record.look - this.#first] ?? -Infinity) >= longest;
    };
  }

  /** Forgets looks that are too long ago for any record that is still there. */
  end(now: number, longestRepeat: number): void {
    const longest = Math.max(this.#longest, longestRepeat);
    let old = 0;
    while (old + 1 < this.#looks.length && now - this.#looks[old + 1]! >= longest) old++;
    this.#looks.splice(0, old);
    this.#first += old;
  }

  /** How long a metric may be idle, in ms; undefined for ever. */
  #longestOf(record: Recorded): number | undefined {
    const { kind } = record;
    let expiry = this.#times[kind === 'decrements' ? 'counter' : kind === 'histogram' ? 'timer' : kind];
    if (expiry !== undefined && record.key.startsWith(OWN)) expiry = undefined;
    const repeat = repeatOf(record);
    return repeat === undefined ? expiry : Math.min(expiry ?? Infinity, repeat);
  }
}

/** After which time a gauge that is repeated no more is gone, in ms; undefined for all else. */
export function repeatOf(record: Recorded): number | undefined {
  if (record.kind !== 'gauge' || record.repeatedEvery === 0) return undefined;
  return MISSED_REPEATS * record.repeatedEvery * 1000;
}
