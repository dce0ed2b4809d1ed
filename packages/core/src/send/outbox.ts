import { Counter } from '../metric/counter.js';
import type { Metric } from '../metric/metric.js';
import { SealedSet, SealedTimer } from '../metric/sealed.js';
import type { UniqueSet } from '../metric/set.js';
import type { Timer } from '../metric/timer.js';
import type { Kind, MetricView } from '../metric/view.js';

/** An item that can be sent: a metric, or the rest of a timer or set whose first part has left. */
type Item = Metric | SealedTimer | SealedSet;

/**
 * All metrics that wait to be sent. A run takes them as a list: counters first, then gauges, timers and sets. It sends the list
 * from the front. Metrics with new samples meanwhile wait for the next run.
 */
export class Outbox {
  #waiting: Record<Kind, Metric[]> = { counter: [], gauge: [], timer: [], set: [] };
  #run: Item[] = [];
  #from = 0;
  /** The announced metrics of this run, with their index in its list. */
  readonly #announced = new Map<Metric, number>();

  /** Adds a metric that has its first sample since it was last sent. */
  add(metric: Metric): void {
    this.#waiting[metric.kind].push(metric);
  }

  /** Removes forgotten metrics. They stay in the list of the current run. */
  remove(gone: ReadonlySet<object>): void {
    for (const kind of Object.keys(this.#waiting) as Kind[]) {
      this.#waiting[kind] = this.#waiting[kind].filter((metric) => !gone.has(metric));
    }
  }

  /** Samples in everything that waits. */
  get pending(): number {
    let calls = 0;
    for (const metrics of Object.values(this.#waiting)) for (const metric of metrics) calls += metric.calls;
    for (let at = this.#from; at < this.#run.length; at++) calls += this.#run[at]!.calls;
    return calls;
  }

  /** Whether nothing waits, neither for this run nor for the next one. */
  get isEmpty(): boolean {
    return this.isRunDone && Object.values(this.#waiting).every((metrics) => metrics.length === 0);
  }

  /** Whether all items of the run's list have left. */
  get isRunDone(): boolean {
    return this.#from >= this.#run.length;
  }

  /** The run's list. The items before `from` have left. */
  get run(): readonly MetricView[] {
    return this.#run as readonly MetricView[];
  }

  /** The index of the run's next item. */
  get from(): number {
    return this.#from;
  }

  /** Begins a run with everything that waits. Sealed items that an earlier run has left come first. */
  beginRun(): void {
    this.endRun();
    const { counter, gauge, timer, set } = this.#waiting;
    this.#waiting = { counter: [], gauge: [], timer: [], set: [] };
    for (const others of [gauge, timer, set]) for (const metric of others) counter.push(metric);
    this.#run = this.#run.length === 0 ? counter : this.#run.concat(counter);
  }

  /** Adds metrics without a sample to the end of the run's list. If they don't leave in this run, they are dropped from it. */
  announce(metrics: readonly Metric[]): void {
    for (const metric of metrics) {
      // The list may have the metric already, if the run waits for room.
      if ((this.#announced.get(metric) ?? -1) >= this.#from) continue;
      this.#announced.set(metric, this.#run.push(metric) - 1);
    }
  }

  /** Ends a run. The rest of its list waits for the next run. Sealed items stay in the list, because no metric holds them. */
  endRun(): void {
    const rest = this.#run;
    let at = this.#from;
    this.#from = 0;
    this.#run = [];
    this.#announced.clear();
    for (; at < rest.length; at++) {
      const item = rest[at]!;
      if (isSealed(item)) this.#run.push(item);
      else if (!item.idle) this.add(item);
    }
  }

  /** Whether the run's next item is a counter of which only the remainder of rounding is left. */
  get isRemainderNext(): boolean {
    const item = this.#run[this.#from];
    return item instanceof Counter && item.isRemainder;
  }

  /** Clears the whole part of the run's next item, a counter that has left rounded. Returns the number of its samples. */
  takeWhole(): number {
    return (this.#run[this.#from++] as Counter).clearWhole();
  }

  /** Clears the run's next item after it has left or was given up. Returns the number of its samples. */
  takeNext(): number {
    return this.#run[this.#from++]!.clear();
  }

  /** Seals the run's next item after some of its values have left. Returns the number of their samples. */
  takeValues(values: number): number {
    const item = this.#run[this.#from]!;
    const sealed = isSealed(item) ? item : (item as Timer | UniqueSet).seal();
    this.#run[this.#from] = sealed;
    return sealed.advance(values);
  }
}

function isSealed(item: Item): item is SealedTimer | SealedSet {
  return item instanceof SealedTimer || item instanceof SealedSet;
}
