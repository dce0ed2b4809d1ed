import { expect } from 'chai';
import * as fc from 'fast-check';
import { FirstZeros } from '../../src/scrape/first-zero.js';
import { Scrapers } from '../../src/scrape/scrapers.js';

const SECOND = 1000;
const SCRAPERS = 4;
const SERIES = 5;
/** Histories that are tried for each property. */
const HISTORIES = 1000;

/** The steps that a history may have. */
interface Kinds {
  readonly reconnects: boolean;
}

/** A step of a history, at this time after the step before, in ms. */
type Step = { readonly after: number } & (
  | { readonly what: 'count'; readonly series: number }
  | { readonly what: 'scrape' | 'cut' | 'reconnect'; readonly scraper: number }
  | { readonly what: 'curl' }
);

const after = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 20 * SECOND }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 130 * SECOND }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 700 * SECOND }) },
);
const scraper = fc.integer({ min: 0, max: SCRAPERS - 1 });
const step = ({ reconnects }: Kinds): fc.Arbitrary<Step> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        after,
        what: fc.constant('count' as const),
        series: fc.integer({ min: 0, max: SERIES - 1 }),
      }),
    },
    { weight: 8, arbitrary: fc.record({ after, what: fc.constant('scrape' as const), scraper }) },
    { weight: 1, arbitrary: fc.record({ after, what: fc.constant('cut' as const), scraper }) },
    {
      weight: reconnects ? 3 : 0,
      arbitrary: fc.record({ after, what: fc.constant('reconnect' as const), scraper }),
    },
    { weight: 1, arbitrary: fc.record({ after, what: fc.constant('curl' as const) }) },
  );
const history = (kinds: Kinds): fc.Arbitrary<Step[]> =>
  fc.array(step(kinds), { minLength: 10, maxLength: 120 });

/** The page as one asker reads it: the value of each series that exists. */
type Page = ReadonlyMap<number, number>;

/** Counters and scrapers of one address, agent and timeout, so that only connections tell scrapers apart. */
class Site {
  now = 0;
  readonly values: { value: number; bornAt: number; isHeld: boolean }[] = [];
  readonly #scrapers = new Scrapers();
  readonly #zeros = new FirstZeros<{ value: number; bornAt: number; isHeld: boolean }>();
  readonly #connections = Array.from({ length: SCRAPERS }, () => newConnection());

  count(series: number): void {
    const known = this.values[series];
    if (known !== undefined) known.value++;
    else
      this.#zeros.appeared((this.values[series] = { value: 1, bornAt: this.now, isHeld: false }), this.now);
  }

  scrape(scraper: number, arrives: boolean): Page {
    const headers = { 'user-agent': 'Prometheus', 'x-prometheus-scrape-timeout-seconds': '10' };
    const socket = this.#connections[scraper]!;
    const asking = this.#scrapers.asking({ method: 'GET', headers, socket }, this.now)!;
    const number = this.#zeros.beginPage(this.#scrapers.pageOfAll(this.now), this.now);
    const page = this.#page(({ isHeld }) => isHeld);
    if (arrives) asking.had(number);
    return page;
  }

  curl(): Page {
    return this.#page(() => false);
  }

  reconnect(scraper: number): void {
    this.#connections[scraper]!.writable = false;
    this.#connections[scraper] = newConnection();
  }

  #page(asZero: (series: { readonly isHeld: boolean }) => boolean): Page {
    const page = new Map<number, number>();
    this.values.forEach((series, at) => page.set(at, asZero(series) ? 0 : series.value));
    return page;
  }
}

function newConnection(): { remoteAddress: string; writable: boolean } {
  return { remoteAddress: '127.0.0.1', writable: true };
}

/** A page, and for whom it was. One that was cut off arrives at nobody. */
interface Look {
  readonly who: number | 'curl';
  readonly arrives: boolean;
  readonly page: Page;
  readonly site: Site;
}

/** Plays a history, and shows each page. */
function play(steps: readonly Step[], look: (look: Look) => void): void {
  const site = new Site();
  for (const step of steps) {
    site.now += step.after;
    if (step.what === 'count') site.count(step.series);
    else if (step.what === 'reconnect') site.reconnect(step.scraper);
    else if (step.what === 'curl') look({ who: 'curl', arrives: true, page: site.curl(), site });
    else {
      const arrives = step.what === 'scrape';
      look({ who: step.scraper, arrives, page: site.scrape(step.scraper, arrives), site });
    }
  }
}

/** Whether a scraper with requests at these times is active: within three of its last three gaps, as the documentation says. */
function isActive(requests: readonly number[], now: number): boolean {
  const last = requests.at(-1);
  if (last === undefined) return false;
  const gaps: number[] = [];
  for (let at = requests.length - 1; at > 0 && gaps.length < 3; at--) {
    const gap = requests[at]! - requests[at - 1]!;
    if (gap > 300 * SECOND) break; // it was a new one then
    gaps.push(gap);
  }
  const window = gaps.length === 0 ? 60 * SECOND : 3 * Math.max(...gaps);
  return now - last <= Math.min(300 * SECOND, Math.max(10 * SECOND, window));
}

describe('first zeros, in any history', () => {
  it('no counter falls: for a scraper, for curl, or for a store that takes now one scraper, now another', () => {
    fc.assert(
      fc.property(history({ reconnects: true }), (steps) => {
        const last = new Map<string, number>();
        play(steps, ({ who, arrives, page }) => {
          if (!arrives) return;
          for (const asker of who === 'curl' ? ['curl'] : [`scraper ${who}`, 'store']) {
            for (const [series, value] of page) {
              const key = `${asker}, series ${series}`;
              expect(value, key).to.be.at.least(last.get(key) ?? 0);
              last.set(key, value);
            }
          }
        });
      }),
      { numRuns: HISTORIES },
    );
  });

  it('a value is shown once every active scraper has had the 0, or after two minutes, and not before', () => {
    const seen = { opened: 0, early: 0 };
    fc.assert(
      fc.property(history({ reconnects: false }), (steps) => {
        const requests: number[][] = Array.from({ length: SCRAPERS }, () => []);
        const hadZero: Set<number>[] = Array.from({ length: SCRAPERS }, () => new Set());
        const open = new Set<number>();
        play(steps, ({ who, arrives, page, site }) => {
          if (who === 'curl') {
            for (const [series, value] of page) expect(value).to.equal(site.values[series]!.value);
            return;
          }
          requests[who]!.push(site.now);
          const active = requests.flatMap((times, one) => (isActive(times, site.now) ? [one] : []));
          for (const [series, value] of page) {
            const { bornAt, value: real } = site.values[series]!;
            const all = active.every((one) => hadZero[one]!.has(series));
            if (!open.has(series) && (all || site.now - bornAt >= 120 * SECOND)) {
              open.add(series);
              seen.opened++;
              if (all) seen.early++;
            }
            expect(value, `series ${series} to ${who}`).to.equal(open.has(series) ? real : 0);
            if (arrives && value === 0) hadZero[who]!.add(series);
          }
        });
      }),
      { numRuns: HISTORIES },
    );
    // The histories are of both sorts.
    expect(seen.early).to.be.above(HISTORIES / 10);
    expect(seen.opened - seen.early).to.be.above(HISTORIES / 10);
  });
});
