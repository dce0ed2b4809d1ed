import { Periodic } from '../host/periodic.js';
import type { Surroundings } from '../host/surroundings.js';
import type { Metric } from '../metric/metric.js';

/** How often a sweep ends a round, in ms. */
const ROUND_MS = 20_000;
/** Rounds that an idle metric is kept: 200 s, however often flushes come. */
const IDLE_ROUNDS = 10;
/** Metrics looked at in one sweep: a tenth of all, so that everything is seen within ten rounds, but within these bounds. */
const SWEEP_MIN = 1000;
const SWEEP_MAX = 20_000;

/** A metric, and the map in which it has its place. */
export type Kept = readonly [map: Map<string, Metric>, metric: Metric];

/** Lets go of metrics that have had no sample for ten rounds, a part of all in each round. */
export class Sweep {
  /** Ends rounds from time to time, once it is started. */
  readonly periodic: Periodic;
  /** The number of the round. A metric notes it when it is touched. */
  round = 0;
  readonly #room: { readonly size: number; readonly maxMetrics: number };
  readonly #everything: () => Iterator<Kept>;
  #pass: Iterator<Kept> | undefined;
  /** Whether a metric may have to be let go at a later time than this pass over all of them comes to it. */
  #hasMore = false;

  /**
   * @param room - How many metrics there are, and can be.
   * @param everything - Begins a pass over all metrics.
   */
  constructor(
    surroundings: Pick<Surroundings, 'later' | 'now'>,
    room: { readonly size: number; readonly maxMetrics: number },
    everything: () => Iterator<Kept>,
  ) {
    this.periodic = new Periodic(surroundings, ROUND_MS, () => this.endRound());
    this.#room = room;
    this.#everything = everything;
  }

  /** There may be something to let go of in a later round. */
  wake(): void {
    this.#hasMore = true;
    this.periodic.wake();
  }

  /** The next round begins with the first metric. */
  beginAgain(): void {
    this.#pass = undefined;
  }

  /**
   * Ends a round.
   *
   * @returns Whether there may be something to let go of in a later round.
   */
  endRound(): boolean {
    this.round++;
    this.#pass ??= this.#everything();
    const share = Math.min(SWEEP_MAX, Math.max(SWEEP_MIN, this.#room.size / 10));
    for (let looks = share; looks > 0; looks--) {
      const next = this.#pass.next();
      if (next.done === true) {
        const hasMore = this.#hasMore;
        this.#pass = undefined;
        this.#hasMore = false;
        return hasMore;
      }
      this.#look(next.value);
    }
    return true;
  }

  /** Lets go of a metric, if it is time. */
  #look([map, metric]: Kept): void {
    if (!metric.idle || this.round - metric.round < IDLE_ROUNDS) {
      // A counter that has nothing but a remainder of rounding waits for its next sample.
      this.#hasMore ||= metric.idle || metric.calls > 0;
      return;
    }
    const { size, maxMetrics } = this.#room;
    if (metric.isRepeated && size * 2 < maxMetrics) return;
    metric.clear(); // look-ups may know it still, but its lists are let go
    if (metric.bound) return;
    metric.release();
    map.delete(metric.key);
  }
}
