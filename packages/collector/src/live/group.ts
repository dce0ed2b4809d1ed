import type { LiveKind } from './api.js';
import type { LiveSeries } from './live-series.js';

/** Makes a total of the tag `[key, value]`, or of all series for `[]`. Returns undefined if there is no place for it. */
type NewTotal = (of: readonly string[]) => LiveSeries | undefined;

/** Series of one group, for instance those that share a tag. */
export interface Bundle {
  readonly series: readonly LiveSeries[];
  /** The total series, which counts all their samples again. Undefined without a total. */
  readonly total: LiveSeries | undefined;
}

/** The number of series with a tag, and their total. The total is made for the second series. */
interface Shared {
  count: number;
  total: LiveSeries | undefined;
}

/**
 * All series of one name and kind. Percentiles and numbers of distinct members can't be added up, so timers, histograms and sets
 * have totals that count each sample again. There is a total of all series, and one for each tag that several series share. A
 * single series needs no totals.
 */
export class Group {
  readonly kind: LiveKind;
  readonly name: string;
  /** Most groups have one series. `add` makes an array of this length, because a growing array takes room for 17 items. */
  #series: LiveSeries[] = [];
  #shared: Map<string, Shared> | undefined;

  constructor(kind: LiveKind, name: string) {
    this.kind = kind;
    this.name = name;
  }

  get isEmpty(): boolean {
    return this.#series.length === 0;
  }

  /** The keys of tags. Each has the number of its values. */
  get tagKeys(): Record<string, number> {
    const values = new Map<string, Set<string>>();
    for (const { identity } of this.#series) {
      for (const [key, value] of identity.tags) {
        const known = values.get(key);
        if (known === undefined) values.set(key, new Set([value]));
        else known.add(value);
      }
    }
    return Object.fromEntries([...values].map(([key, { size }]) => [key, size]));
  }

  add(series: LiveSeries, newTotal: NewTotal): void {
    if (this.#series.length === 0) this.#series = [series];
    else this.#series.push(series);
    // Counters and gauges need no totals, because their values can be added up.
    if (this.kind === 'counter' || this.kind === 'gauge' || this.#series.length < 2) return;
    if (this.#shared === undefined) {
      this.#shared = new Map();
      this.#join(this.#series[0]!, newTotal);
    }
    this.#join(series, newTotal);
  }

  /** Removes a series or a total. */
  remove(series: LiveSeries): void {
    const { of } = series.identity;
    if (of !== undefined) {
      const shared = this.#shared?.get(of.join('\0'));
      if (shared !== undefined) shared.total = undefined;
      return;
    }
    const at = this.#series.indexOf(series);
    if (at >= 0) this.#series.splice(at, 1);
    for (const part of partsOf(series)) {
      const shared = this.#shared?.get(part.join('\0'));
      if (shared !== undefined && --shared.count === 0) this.#shared!.delete(part.join('\0'));
    }
  }

  /** All series. */
  get all(): Bundle {
    return { series: this.#series, total: this.#shared?.get('')?.total };
  }

  /** The series by the value of a tag. Series without the tag are under undefined. */
  by(key: string): Map<string | undefined, Bundle> {
    const bundles = new Map<string | undefined, { series: LiveSeries[]; total: LiveSeries | undefined }>();
    for (const series of this.#series) {
      const value = valueOf(series, key);
      const bundle = bundles.get(value);
      if (bundle !== undefined) bundle.series.push(series);
      else {
        const total = value === undefined ? undefined : this.#shared?.get(`${key}\0${value}`)?.total;
        bundles.set(value, { series: [series], total });
      }
    }
    return bundles;
  }

  #join(series: LiveSeries, newTotal: NewTotal): void {
    for (const of of partsOf(series)) {
      const key = of.join('\0');
      let shared = this.#shared!.get(key);
      if (shared === undefined) this.#shared!.set(key, (shared = { count: 0, total: undefined }));
      shared.count++;
      // A total stays while one of its series is left.
      if (shared.count === 2 && shared.total === undefined) {
        const [tag, value] = of;
        const other = this.#series.find(
          (one) => one !== series && (tag === undefined || valueOf(one, tag) === value),
        );
        shared.total = newTotal(of);
        if (shared.total !== undefined && other !== undefined) {
          shared.total.begin(other);
          other.totals = [...other.totals, shared.total];
        }
      }
      if (shared.total !== undefined) series.totals = [...series.totals, shared.total];
    }
  }
}

/** The totals that a series belongs to: the one of the name, `[]`, and one for each of its tags. */
function partsOf({ identity: { tags } }: LiveSeries): (readonly string[])[] {
  return [[], ...tags];
}

function valueOf({ identity }: LiveSeries, key: string): string | undefined {
  return identity.tags.find(([one]) => one === key)?.[1];
}
