import type { Report } from '../account/report.js';
import { now } from '../host/clock.js';
import type { Timer } from '../metric/timer.js';
import { type RequestScope, requestScope } from '../request/scope.js';
import { appCaller } from './caller.js';
import { describe } from '../text/describe.js';
import type { Registry } from './registry.js';

/** How often one timed thing ran in a request. */
export interface Calls {
  /** The name of its timer. */
  readonly what: string;
  /** How often it ran. */
  readonly calls: number;
  /** The time of all its runs, in ms. Runs at the same time, or within one another, each count in full. */
  readonly ms: number;
  /** File, line and column in the app's code that ran it often. Undefined if it isn't known. */
  readonly place: string | undefined;
}

/** How many timers have their own count in one request. Further ones are `other`. */
const MAX_TIMERS = 100;
const OTHER = 'other';
/** The minimum time between two reads of the stack, in ms, so that slow requests don't become slower. */
const PLACE_EVERY_MS = 1_000;
/** The end of a timer's name that is a part of the timer without this end. */
const PART = '.blocked';

interface Entry {
  what: string;
  calls: number;
  ms: number;
  place: string | undefined;
}

/** The counts of one client in a request that isn't over. */
interface Open {
  readonly entries: Map<Timer | undefined, Entry>;
  readonly placeAt: number;
}

/**
 * Counts how often and how long each timed thing runs within a request, for a client and its children. Before the first such
 * request timers don't report their values, so that they cost nothing extra.
 */
export class RequestCalls {
  readonly #registry: Registry;
  readonly #report: Report;
  #nextPlace = -Infinity;

  constructor(registry: Registry, report: Report) {
    this.#registry = registry;
    this.#report = report;
  }

  /**
   * Begins to count timed things in a request.
   *
   * @param placeAt - the number of calls of one thing at which their place in the app's code is looked up.
   */
  begin(scope: RequestScope, placeAt: number): void {
    this.#registry.tellDurations((timer, ms) => this.#add(timer, ms));
    if (!scope.has(this)) scope.set(this, { entries: new Map(), placeAt } satisfies Open);
  }

  /** Returns the timed things that have run in a request, and ends the count. */
  end(scope: RequestScope): readonly Calls[] {
    const open = scope.get(this) as Open | undefined;
    if (open === undefined) return [];
    scope.set(this, undefined);
    const byName = new Map<string, Entry>();
    for (const entry of open.entries.values()) {
      const known = byName.get(entry.what);
      if (known === undefined) byName.set(entry.what, entry);
      else {
        known.calls += entry.calls;
        known.ms += entry.ms;
        known.place ??= entry.place;
      }
    }
    const isPart = (what: string): boolean => what.endsWith(PART) && byName.has(what.slice(0, -PART.length));
    return [...byName.values()].filter(({ what }) => !isPart(what));
  }

  /** Warns that a thing ran often in one request, once for each route and thing, for the first 20 of them. */
  warn({ what, calls, place }: Calls, route: string): void {
    const text = `route ${describe(route)} ran ${describe(what)} ${calls} times in one request`;
    const line = place === undefined ? text : `${text}, from ${place}`;
    this.#report.once('calls of a request', () => line, JSON.stringify([route, what]));
    // The place isn't looked up in every such request.
    if (place !== undefined) this.#report.findings.add({ kind: 'calls', metric: what, route, text, place });
  }

  #add(timer: Timer, ms: number): void {
    const open = requestScope.current()?.get(this) as Open | undefined;
    if (open === undefined) return;
    const { entries, placeAt } = open;
    const key = entries.size < MAX_TIMERS || entries.has(timer) ? timer : undefined;
    let entry = entries.get(key);
    if (entry === undefined) {
      entries.set(key, (entry = { what: key?.name ?? OTHER, calls: 0, ms: 0, place: undefined }));
    }
    entry.calls++;
    entry.ms += ms;
    if (entry.calls === placeAt) entry.place = this.#place();
  }

  /** The place in the app's code, also if the app only awaits the thing that ends now. */
  #place(): string | undefined {
    const time = now();
    if (time < this.#nextPlace) return undefined;
    this.#nextPlace = time + PLACE_EVERY_MS;
    return appCaller();
  }
}
