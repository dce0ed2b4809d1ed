import type { MetricItem, MetricList, Status, Steps, Tick, Value } from '../src/live/api.js';

/** A series as the page knows it. */
export interface Metric {
  readonly item: MetricItem;
  now: readonly Value[];
}

/** Series that came after the page was opened; of more, only the latest are listed. */
const MOST_FRESH = 100;

/** What the collector has told so far. */
export class Model {
  readonly metrics = new Map<number, Metric>();
  /** Series that are new since the page was opened, the latest first. Totals aren't among them. */
  fresh: MetricItem[] = [];
  steps: Steps | undefined;
  status: Status | undefined;
  /** Changes with each series that comes or goes. */
  shape = 0;
  #known: Set<string> | undefined;

  /** Takes everything. What wasn't there when the page was opened is new. */
  load(list: MetricList): void {
    this.metrics.clear();
    this.steps = list;
    const isFirst = this.#known === undefined;
    this.#known ??= new Set();
    for (const item of list.metrics) this.#take(item, !isFirst);
    this.shape++;
  }

  apply(tick: Tick): void {
    this.steps = tick;
    this.status = tick.status;
    for (const item of tick.metrics) if (!this.metrics.has(item.id)) this.#take(item, true);
    for (const id of tick.gone) this.metrics.delete(id);
    for (const [id, ...now] of tick.now) {
      const metric = this.metrics.get(id!);
      if (metric !== undefined) metric.now = now;
    }
    if (tick.metrics.length + tick.gone.length > 0) this.shape++;
  }

  /** The series that came in under a name, without their totals. */
  *ofName(name: string, kind: string): Generator<Metric> {
    for (const metric of this.metrics.values()) {
      const { item } = metric;
      if (item.name === name && item.kind === kind && item.of === undefined) yield metric;
    }
  }

  #take(item: MetricItem, isNew: boolean): void {
    this.metrics.set(item.id, { item, now: item.now });
    if (item.of !== undefined) return;
    const key = JSON.stringify([item.kind, item.name, item.tags]);
    if (this.#known!.has(key)) return;
    this.#known!.add(key);
    if (isNew) this.fresh = [item, ...this.fresh].slice(0, MOST_FRESH);
  }
}

/** The sum of the rates, or of the values, of several series now; null if none has one. */
export function sumNow(metrics: Iterable<Metric>): Value {
  let sum: Value = null;
  for (const { now } of metrics) {
    const [value = null] = now;
    if (value !== null) sum = (sum ?? 0) + value;
  }
  return sum;
}
