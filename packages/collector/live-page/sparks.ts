import type { PointsAnswer, Tick, Value } from '../src/live/api.js';
import { getJson } from './connection.js';
import type { Model } from './model.js';

/** Ten minutes of steps of 5 s. */
const SPARK_POINTS = 120;
/** As many as the collector answers at once. */
const MOST_IDS = 500;
/** Series whose points are kept. When there are more, those that were asked for longest ago are forgotten. */
const MOST_KEPT = 2_000;

/** The last ten minutes of series that are in sight, in their first column. */
export class Sparks {
  readonly #model: Model;
  readonly #kept = new Map<number, Value[]>();
  #wanted = new Set<number>();
  readonly #onLoad: () => void;

  /** @param onLoad - called when points have come that were asked for. */
  constructor(model: Model, onLoad: () => void) {
    this.#model = model;
    this.#onLoad = onLoad;
  }

  /** The points of a series; empty until they have come. */
  of(id: number): readonly Value[] {
    const points = this.#kept.get(id);
    if (points !== undefined) return points;
    if (this.#wanted.size === 0) queueMicrotask(() => void this.#load());
    this.#wanted.add(id);
    return [];
  }

  /** The sum of several. */
  sumOf(ids: readonly number[]): readonly Value[] {
    if (ids.length === 1) return this.of(ids[0]!);
    const sum: Value[] = [];
    for (const id of ids) {
      for (const [at, value] of this.of(id).entries())
        sum[at] = value === null ? (sum[at] ?? null) : (sum[at] ?? 0) + value;
    }
    return sum;
  }

  /** Takes the values of the step that has ended. A series that isn't in it had no samples. */
  apply({ ended }: Tick): void {
    if (ended === undefined) return;
    const values = new Map(ended.map(([id, value]) => [id!, value!]));
    for (const [id, points] of this.#kept) {
      const kind = this.#model.metrics.get(id)?.item.kind;
      const missing = kind === 'gauge' ? (points.at(-1) ?? null) : 0;
      points.push(values.get(id) ?? missing);
      if (points.length > SPARK_POINTS) points.shift();
    }
  }

  clear(): void {
    this.#kept.clear();
  }

  async #load(): Promise<void> {
    const ids = [...this.#wanted];
    this.#wanted = new Set();
    for (let at = 0; at < ids.length; at += MOST_IDS) {
      const query = ids.slice(at, at + MOST_IDS).map((id) => `id=${id}`);
      try {
        const { values } = await getJson<PointsAnswer>(
          `/api/v1/points?last=${SPARK_POINTS}&${query.join('&')}`,
        );
        for (const [id, points] of Object.entries(values)) this.#kept.set(Number(id), [...points]);
      } catch {
        return; // The connection is lost, which the page says. Everything is asked for again once it is back.
      }
    }
    for (const id of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(id);
    }
    this.#onLoad();
  }
}
