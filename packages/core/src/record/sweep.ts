import { Periodic } from '../host/periodic.js';
import type { Surroundings } from '../host/surroundings.js';
import type { Metric } from '../metric/metric.js';

/** Time between two rounds, in ms. */
const ROUND_MS = 20_000;
/** How many rounds an idle metric is kept: 200 s, however often flushes come. */
const IDLE_ROUNDS = 10;
/** Bounds of the number of metrics per round. It is a tenth of all, so that each metric is seen within ten rounds. */
const SWEEP_MIN = 1000;
const SWEEP_MAX = 20_000;

/** A metric, and the map that holds it. */
export type Kept = readonly [map: Map<string, Metric>, metric: Metric];

/** Lets go of metrics that have had no sample for ten rounds. Each round looks at a part of all metrics. */
export class Sweep {
  /** Ends a round each 20 s, once it is started. */
  readonly periodic: Periodic;
  /** The number of the round. A metric notes it when it is touched. */
  round = 0;
  readonly #room: { readonly size: number; readonly maxMetrics: number };
  readonly #everything: () => Iterator<Kept>;
  #pass: Iterator<Kept> | undefined;
  /** Whether this pass has met a metric that a later pass may have to let go. */
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

  /** Wakes the sweep, because a later round may have a metric to let go. */
  wake(): void {
    this.#hasMore = true;
    this.periodic.wake();
  }

  /** Makes the next round begin with the first metric. */
  beginAgain(): void {
    this.#pass = undefined;
  }

  /**
   * Ends a round.
   *
   * @returns Whether a later round may have a metric to let go.
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
      // A counter with only a remainder of rounding waits for its next sample, so it needs no later round.
      this.#hasMore ||= metric.idle || metric.calls > 0;
      return;
    }
    const { size, maxMetrics } = this.#room;
    if (metric.isRepeated && size * 2 < maxMetrics) return;
    metric.clear(); // look-ups may still find it, so its lists are freed
    if (metric.bound) return;
    metric.release();
    map.delete(metric.key);
  }
}
