import type { LiveKind } from './api.js';
import type { LiveSeries } from './live-series.js';

/** Makes a total of the tag `[key, value]`, or of all series for `[]`; undefined when there is no place for it. */
type NewTotal = (of: readonly string[]) => LiveSeries | undefined;

/** Series that have something in common, and their total once they are two. */
interface Bundle {
  readonly series: Set<LiveSeries>;
  total: LiveSeries | undefined;
}

/**
 * All series of one name and kind. Percentiles and distinct members of several series can't be had from theirs, so timers,
 * histograms and sets have totals that count each sample once more: of all series, and of those that share the value of a tag.
 */
export class Group {
  readonly kind: LiveKind;
  readonly name: string;
  readonly series: Set<LiveSeries>;
  readonly #all: Bundle;
  readonly #byTag = new Map<string, Map<string, Bundle>>();

  constructor(kind: LiveKind, name: string) {
    this.kind = kind;
    this.name = name;
    this.#all = { series: new Set(), total: undefined };
    this.series = this.#all.series;
  }

  get isEmpty(): boolean {
    return this.series.size === 0;
  }

  /** Keys of tags, each with the number of its values. */
  get tagKeys(): Record<string, number> {
    return Object.fromEntries([...this.#byTag].map(([key, values]) => [key, values.size]));
  }

  add(series: LiveSeries, newTotal: NewTotal): void {
    this.#join(this.#all, series, [], newTotal);
    for (const [key, value] of series.identity.tags) {
      let values = this.#byTag.get(key);
      if (values === undefined) this.#byTag.set(key, (values = new Map()));
      let bundle = values.get(value);
      if (bundle === undefined) values.set(value, (bundle = { series: new Set(), total: undefined }));
      this.#join(bundle, series, [key, value], newTotal);
    }
  }

  /** Takes out a series, or a total, that is let go. */
  remove(series: LiveSeries): void {
    const { tags, of } = series.identity;
    if (of?.length === 0) this.#all.total = undefined;
    this.series.delete(series);
    for (const [key, value] of of?.length === 2 ? [[of[0]!, of[1]!] as const] : tags) {
      const values = this.#byTag.get(key);
      const bundle = values?.get(value);
      if (values === undefined || bundle === undefined) continue;
      bundle.series.delete(series);
      if (bundle.total === series) bundle.total = undefined;
      if (bundle.series.size === 0) values.delete(value);
      if (values.size === 0) this.#byTag.delete(key);
    }
  }

  /** All series, with their total where their kind has one. */
  get all(): Bundle {
    return this.#all;
  }

  /** The series by the value of a tag. Those without the tag are under undefined. */
  by(key: string): Map<string | undefined, Bundle> {
    const bundles = new Map<string | undefined, Bundle>(this.#byTag.get(key));
    const without = new Set(this.series);
    for (const { series } of bundles.values()) for (const one of series) without.delete(one);
    if (without.size > 0) bundles.set(undefined, { series: without, total: undefined });
    return bundles;
  }

  #join(bundle: Bundle, series: LiveSeries, of: readonly string[], newTotal: NewTotal): void {
    bundle.series.add(series);
    // Sums of counters and gauges need nothing more than their series.
    if (this.kind === 'counter' || this.kind === 'gauge') return;
    if (bundle.series.size === 2) {
      const [first] = bundle.series;
      bundle.total = newTotal(of);
      if (bundle.total === undefined) return;
      bundle.total.begin(first!);
      first!.totals.push(bundle.total);
    }
    if (bundle.total !== undefined) series.totals.push(bundle.total);
  }
}
