import type { Report } from '../account/report.js';
import type { MetricView } from '../metric/view.js';
import { describe } from '../text/describe.js';
import { foldedName } from '../wire/fold.js';
import type { Naming } from '../wire/format.js';

/** The maximum number of gauges with tags that are compared in a run. It bounds the work, and is enough to find a mistake. */
const MOST_COMPARED = 1000;

/**
 * Warns of two gauges with the same name after a format has written their tags into it. The receiver adds up counters of one name,
 * but of gauges it keeps only the last one.
 */
export class FoldingWatch {
  readonly #report: Report;
  /** Names of gauges with tags that have left in this run. */
  readonly #names = new Set<string>();

  constructor(report: Report) {
    this.#report = report;
  }

  /** Called when a run begins. */
  begin(): void {
    this.#names.clear();
  }

  /** Checks metrics that have left. */
  left(taken: readonly MetricView[], naming: Naming): void {
    for (const metric of taken) {
      if (metric.kind !== 'gauge' || metric.tags.length === 0 || this.#names.size >= MOST_COMPARED) continue;
      const name = foldedName(metric, naming);
      if (this.#names.has(name)) {
        this.#report.once(
          'folding',
          () =>
            `two gauges with different tags come out as ${describe(name)}, where tags are written into names: the last one wins`,
        );
      }
      this.#names.add(name);
    }
  }
}
