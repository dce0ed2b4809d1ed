import type { StatsdClient } from '../index.js';
import { type Calls, OTHER, type RequestScope, requestScope } from '../instrument.js';
import type { CallsOptions } from './options.js';
import { type Share, shareOf } from './share.js';

/** Timed things that are told apart, whatever the route. Further ones are `other`. */
const MAX_WHATS = 100;
const DEFAULT_WARN_AT = 20;
/** For the metrics here, which have no tags of the request. */
const NO_SCOPE: RequestScope = new Map();

/** Where one thing's calls in one route are recorded. */
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
  /** By route and then by thing, so that the calls of a client find their metrics by the same object each time. */
  readonly #options = new Map<string, Map<string, { readonly tags: Place & Record<string, string> }>>();
  readonly #whats = new Set<string>();

  constructor(statsd: StatsdClient, name: string, { warnAt = DEFAULT_WARN_AT }: CallsOptions) {
    this.#statsd = statsd;
    this.#name = name;
    this.#warnAt = warnAt;
    this.#share = shareOf(statsd);
  }

  /** A request begins that is going to be recorded. */
  begin(scope: RequestScope): void {
    // Absent in a shared client of an older version.
    (this.#statsd as Partial<StatsdClient>).requestCalls?.begin(scope, this.#warnAt);
  }

  /** The request is over, or has become a stream. */
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
    // The histogram and the timer.
    if (!this.#share.take() || !this.#share.take()) return { tags: { route: OTHER, what: OTHER } };
    const options = { tags: { route, what } };
    this.#whats.add(what);
    ofRoute.set(what, options);
    return options;
  }
}
