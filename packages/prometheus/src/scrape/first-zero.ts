/** The longest time after its appearance until a series shows its value, in ms. */
const LONGEST_HOLD_MS = 120_000;

/** A series that can be held. */
interface Holdable {
  /** Whether a page for a scraper has to show the series as 0. */
  isHeld: boolean;
}

/** Consecutive new series. */
interface Group<S> {
  readonly series: S[];
  /** The number of pages that had begun before. A later page shows the series. */
  readonly pages: number;
  /** The time at which the first series appeared, in ms. */
  readonly at: number;
}

/**
 * The time within which new series are put into one group, in ms. Groups are used so that a flood of series takes little
 * memory.
 */
const GROUP_MS = 10;

/**
 * Holds new series at 0 for scrapers. To Prometheus the first value of a series is no increase, so a new counter is held at 0
 * until every active scraper has had that 0. Then it is open to all, and stays open. So no scraper sees a counter fall, even if
 * scrapers are mistaken for each other. Such a mistake costs a first 0, or time.
 *
 * Pages have numbers, and a page shows every series that appeared before the page began. So whether a scraper has had a
 * series is a comparison of two numbers, and nothing is kept for each pair of them.
 */
export class FirstZeros<S extends Holdable> {
  /** The held series, in the order of their appearance. They open in the same order. */
  #held: Group<S>[] = [];
  #pages = 0;

  /** Holds a series that has just appeared. */
  appeared(series: S, now: number): void {
    // Due series are opened here, too, because no page opens them while nobody scrapes.
    this.#open(0, now);
    series.isHeld = true;
    const last = this.#held.at(-1);
    if (last?.pages === this.#pages && now - last.at < GROUP_MS) last.series.push(series);
    else this.#held.push({ series: [series], pages: this.#pages, at: now });
  }

  /**
   * Begins a page for a scraper. Opens the series that needn't be held any longer.
   *
   * @param pageOfAll - the number of the newest page that every active scraper has had.
   * @returns The number of the page, from 1.
   */
  beginPage(pageOfAll: number, now: number): number {
    this.#open(pageOfAll, now);
    return ++this.#pages;
  }

  #open(pageOfAll: number, now: number): void {
    let due = 0;
    for (const { series, pages, at } of this.#held) {
      if (pageOfAll <= pages && now - at < LONGEST_HOLD_MS) break;
      for (const one of series) one.isHeld = false;
      due++;
    }
    if (due > 0) this.#held.splice(0, due);
  }
}
