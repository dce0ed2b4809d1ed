import type { StatsdClient } from '../index.js';
import { type Calls, OTHER, type RequestScope, requestScope } from '../instrument.js';
import type { CallsOptions } from './options.js';
import { type Share, shareOf } from './share.js';

/** How many timed things get a tag value of their own, over all routes. Further ones are `other`. */
const MAX_WHATS = 100;
const DEFAULT_WARN_AT = 20;
/** An empty scope, so that the metrics of this file get no request tags. */
const NO_SCOPE: RequestScope = new Map();

/** The tags for the calls of one timed thing in one route. */
interface Place {
  readonly route: string;
  readonly what: string;
}

/** Records, at the end of each request, how often and how long each timed thing ran in it. */
export class RequestCallsSeries {
  readonly #statsd: StatsdClient;
  readonly #name: string;
  readonly #warnAt: number;
  readonly #share: Share;
  /** Options by route and then by thing. They are kept, so that each combination takes its share of `maxMetrics` only once. */
  readonly #options = new Map<string, Map<string, { readonly tags: Place & Record<string, string> }>>();
  readonly #whats = new Set<string>();

  constructor(statsd: StatsdClient, name: string, { warnAt = DEFAULT_WARN_AT }: CallsOptions) {
    this.#statsd = statsd;
    this.#name = name;
    this.#warnAt = warnAt;
    this.#share = shareOf(statsd);
  }

  /** Called at the beginning of a request that will be recorded. */
  begin(scope: RequestScope): void {
    // A shared client of an older version has no `requestCalls`.
    (this.#statsd as Partial<StatsdClient>).requestCalls?.begin(scope, this.#warnAt);
  }

  /** Records the calls of a request that is over or has become a stream. */
  end(scope: RequestScope, route: string): void {
    const all = (this.#statsd as Partial<StatsdClient>).requestCalls?.end(scope) ?? [];
    if (all.length > 0) requestScope.run(NO_SCOPE, () => this.#record(all, route));
  }

  #record(all: readonly Calls[], route: string): void {
    for (const one of all) {
      const options = this.#optionsFor(route, one.what);
      this.#statsd.histogram(this.#name, one.calls, options);
      this.#statsd.timing(`${this.#name}.time`, one.ms, options);
      if (one.calls >= this.#warnAt) this.#statsd.requestCalls.warn(one, route);
    }
  }

  #optionsFor(route: string, what: string): { readonly tags: Place & Record<string, string> } {
    let ofRoute = this.#options.get(route);
    if (ofRoute === undefined) this.#options.set(route, (ofRoute = new Map()));
    const known = ofRoute.get(what);
    if (known !== undefined) return known;
    const isNew = !this.#whats.has(what);
    if (isNew && this.#whats.size >= MAX_WHATS) return { tags: { route, what: OTHER } };
    // Two places, because the histogram and the timer are two metrics.
    if (!this.#share.take() || !this.#share.take()) return { tags: { route: OTHER, what: OTHER } };
    const options = { tags: { route, what } };
    this.#whats.add(what);
    ofRoute.set(what, options);
    return options;
  }
}
