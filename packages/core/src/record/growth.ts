import type { Report } from '../account/report.js';
import type { Metric } from '../metric/metric.js';
import { describe } from '../text/describe.js';
import type { Identity } from '../text/identity.js';
import { appCaller } from './caller.js';

/** The share of `maxMetrics` that one name may have without a warning. */
const SHARE = 1 / 4;
/** A name with at most this many metrics gives no warning. */
const MIN_METRICS = 100;
/** How many values of the tag the warning names. */
const EXAMPLES = 3;

/** A tag and its values. */
interface GrowingTag {
  readonly key: string;
  readonly values: ReadonlySet<string>;
}

/**
 * Warns of a metric with too many combinations of tags: more than a share of `maxMetrics`. The warning names the tag with the most
 * values, the newest of these values, and the call that made the newest metric. It works only when a metric is made, so samples of
 * known metrics cost nothing extra.
 */
export class Growth {
  readonly #report: Report;
  /** How many metrics were made under a name since they were last counted. */
  readonly #made = new Map<string, number>();

  constructor(report: Report) {
    this.#report = report;
  }

  /**
   * Called with each new metric that has tags.
   *
   * @param metrics - All metrics of its kind that have tags, in the order in which they were made.
   */
  made({ name }: Identity, metrics: ReadonlyMap<string, Metric>, maxMetrics: number): void {
    const made = (this.#made.get(name) ?? 0) + 1;
    const share = Math.max(MIN_METRICS, maxMetrics * SHARE);
    if (made <= share) {
      if (this.#made.size >= maxMetrics) this.#made.clear();
      this.#made.set(name, made);
      return;
    }
    const alive = [...metrics.values()].filter((metric) => metric.name === name);
    // Counted again, because some may have been let go. If they still exceed the share, the next count comes after a share more.
    this.#made.set(name, alive.length > share ? 0 : alive.length);
    if (alive.length <= share) return;
    const place = appCaller();
    const text = growthText(name, alive, maxMetrics);
    const line = place === undefined ? text : `${text}; the newest was made by ${place}`;
    this.#report.once('growing metric', () => line, name);
    this.#report.findings.add({ kind: 'growth', metric: name, route: '', text, place: place ?? '' });
  }
}

function growthText(name: string, metrics: readonly Metric[], maxMetrics: number): string {
  const { key, values } = growingTag(metrics);
  const newest = [...values].slice(-EXAMPLES).map(describe).join(', ');
  const share = Math.round((metrics.length / maxMetrics) * 100);
  return (
    `metric ${describe(name)} has ${metrics.length} combinations of tags, ${share} % of maxMetrics (${maxMetrics}): ` +
    `its tag ${describe(key)} has ${values.size} values, the newest ${newest}`
  );
}

/** The tag with the most values. Its values are in the order in which they came. */
function growingTag(metrics: readonly Metric[]): GrowingTag {
  const byKey = new Map<string, Set<string>>();
  for (const { tags } of metrics) {
    for (const [key, value] of tags) {
      const values = byKey.get(key);
      if (values === undefined) byKey.set(key, new Set([value]));
      else values.add(value);
    }
  }
  let most: GrowingTag = { key: '', values: new Set() };
  for (const [key, values] of byKey) if (values.size > most.values.size) most = { key, values };
  return most;
}
