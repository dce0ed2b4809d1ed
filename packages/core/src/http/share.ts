import type { StatsdClient } from '../index.js';

/** The part of `maxMetrics` that HTTP may take. The rest stays for the app's own metrics, however many routes there are. */
const PART = 0.5;

/** How many metrics HTTP has made in a client, its parent and its children. */
export class Share {
  readonly #statsd: StatsdClient;
  #used = 0;

  constructor(statsd: StatsdClient) {
    this.#statsd = statsd;
  }

  /** Takes a place for a metric. Returns false, with one warning, if no place is left. */
  take(): boolean {
    const most = Math.floor(this.#statsd.maxMetrics * PART);
    if (this.#used < most) {
      this.#used++;
      return true;
    }
    this.#statsd.warnOnce(
      'http share',
      () =>
        `HTTP has ${most} metrics, half of maxMetrics: new combinations of route, method, status and tags are recorded as "other"`,
    );
    return false;
  }
}

const shares = new WeakMap<object, Share>();

/** The share of a client, its parent and its children. All their middleware has one share together. */
export function shareOf(statsd: StatsdClient): Share {
  const { shared } = statsd;
  let share = shares.get(shared);
  if (share === undefined) shares.set(shared, (share = new Share(statsd)));
  return share;
}
