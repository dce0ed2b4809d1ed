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
  /** How long it took in all, in ms. Things that run at once, or within one another, are each counted in full. */
  readonly ms: number;
  /** File, line and column of the app from which it ran when it had run often, where that is known. */
  readonly place: string | undefined;
}

/** Timers that are told apart in one request. What else is timed there is `other`. */
const MAX_TIMERS = 100;
const OTHER = 'other';
/** Between two looks at the stack, in ms, so that slow requests don't become slower. */
const PLACE_EVERY_MS = 1_000;
/** A timer of this ending, beside one without it, is a part of that one. */
const PART = '.blocked';

interface Entry {
  what: string;
  calls: number;
  ms: number;
  place: string | undefined;
}

/** The request's part of a client's calls; `entries` is empty once the request is over. */
interface Open {
  readonly entries: Map<Timer | undefined, Entry>;
  readonly placeAt: number;
}

/**
 * Counts how often, and how long, each timed thing runs within a request, for one client with its children. Before the first request
 * that is to be counted, no timer tells of its values.
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
   * Counts from now on what runs in a request.
   *
   * @param placeAt - at how many calls of one thing their place in the app's code is looked for.
   */
  begin(scope: RequestScope, placeAt: number): void {
    this.#registry.tellDurations((timer, ms) => this.#add(timer, ms));
    if (!scope.has(this)) scope.set(this, { entries: new Map(), placeAt } satisfies Open);
  }

  /** What ran in a request until now, by name. What ends later isn't counted. */
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

  /** Says once for each route and thing, for the first 20 of them, that the thing ran often in one request. */
  warn({ what, calls, place }: Calls, route: string): void {
    const text = `route ${describe(route)} ran ${describe(what)} ${calls} times in one request`;
    const line = place === undefined ? text : `${text}, from ${place}`;
    this.#report.once('calls of a request', () => line, JSON.stringify([route, what]));
    // Not in every such request is the place looked for.
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

  /** The place on the stack, with the functions that await what ends just now. */
  #place(): string | undefined {
    const time = now();
    if (time < this.#nextPlace) return undefined;
    this.#nextPlace = time + PLACE_EVERY_MS;
    return appCaller();
  }
}
