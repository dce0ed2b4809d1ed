import type { Counter } from '../metric/counter.js';
import type { Gauge } from '../metric/gauge.js';
import type { Metric } from '../metric/metric.js';
import type { UniqueSet } from '../metric/set.js';
import type { Timer } from '../metric/timer.js';
import { type RequestScope, requestScope } from '../request/scope.js';
import { describe } from '../text/describe.js';
import { identify } from '../text/identity.js';
import { BadTag, type Tag, type Tags, canonicalTags, isTagsObject } from '../text/tags.js';
import type { Intake } from './intake.js';
import type { Finder, Lookup } from './lookup.js';
import type { Registry } from './registry.js';
import { type Scope, requestScopeOf } from './scope.js';

/** Keys and values of a request's tags together, in bytes: names and tags of calls need the rest of what a metric can have. */
const MAX_BYTES = 200;
/** Different tags of requests of which the metrics are remembered. */
const MAX_SETS = 1000;
/** Followers that are looked through at the earliest for those that are gone. */
const MIN_FOLLOWERS = 64;

/** How the six kinds are found by calls within requests. */
export interface Finders {
  readonly counters: Finder<Counter>;
  readonly gauges: Finder<Gauge>;
  readonly timers: Finder<Timer>;
  readonly sets: Finder<UniqueSet>;
  readonly histograms: Finder<Timer>;
  readonly distributions: Finder<Timer>;
}

/** Somebody who is to know when tags of a request are first set, and isn't held. */
interface Follower {
  readonly held: WeakRef<object>;
  readonly turnOn: (follower: object) => void;
}

/**
 * The tags of requests, of one client with its children. Until the first ones are set, no call asks for them: clients follow, and then
 * exchange what finds their metrics.
 */
export class RequestTags {
  readonly #registry: Registry;
  readonly #intake: Intake;
  /** Equal tags are one object, which knows the metrics that calls have met. */
  readonly #sets = new Map<string, TagSet>();
  #isOn = false;
  #followers: Follower[] = [];
  #lookThroughAt = MIN_FOLLOWERS;
  /** Calls since `#sets` began that may have had a metric remembered. */
  #newCalls = 0;

  constructor(registry: Registry, intake: Intake) {
    this.#registry = registry;
    this.#intake = intake;
  }

  /** Calls `turnOn` with the follower when tags are first set, or at once. */
  follow<F extends object>(follower: F, turnOn: (follower: F) => void): void {
    if (this.#isOn) {
      turnOn(follower);
      return;
    }
    if (this.#followers.length >= this.#lookThroughAt) {
      this.#followers = this.#followers.filter(({ held }) => held.deref() !== undefined);
      this.#lookThroughAt = Math.max(MIN_FOLLOWERS, this.#followers.length * 2);
    }
    this.#followers.push({ held: new WeakRef(follower), turnOn: turnOn as Follower['turnOn'] });
  }

  /** Calls `fn` in a request with these tags, and those of the request under way, if there is one. */
  run<T>(tags: Tags, fn: () => T): T {
    const scope = requestScope.inner();
    this.#add(scope, tags);
    return requestScope.run(scope, fn);
  }

  /** Adds tags to the request under way. Outside of one, that is said once. */
  set(tags: Tags): void {
    const scope = requestScope.current();
    if (scope !== undefined) this.#add(scope, tags);
    else {
      this.#intake.note(
        'no request',
        () => 'setRequestTags was called outside of a request, where it does nothing',
      );
    }
  }

  /** Those of the request under way. */
  get tags(): readonly Tag[] {
    return this.#current?.tags ?? [];
  }

  /** The scope for calls by a client that look-ups don't know. */
  scopeOf(scope: Scope): Scope {
    if (!this.#isOn) return scope;
    const set = this.#current;
    if (set === undefined) return scope;
    // Each call may have a metric remembered, and metrics that are let go are forgotten only here.
    if (++this.#newCalls > this.#registry.maxMetrics) this.#forgetSets();
    return set.scopeOf(scope);
  }

  /** How calls of a client find their metrics, from now on. */
  finders(scope: Scope): Finders {
    const here = (): Scope => this.#current?.scopeOf(scope) ?? scope;
    return {
      counters: new FinderHere(() => here().counters),
      gauges: new FinderHere(() => here().gauges),
      timers: new FinderHere(() => here().timers),
      sets: new FinderHere(() => here().sets),
      histograms: new FinderHere(() => here().histograms),
      distributions: new FinderHere(() => here().distributions),
    };
  }

  get #current(): TagSet | undefined {
    return requestScope.current()?.get(this) as TagSet | undefined;
  }

  #add(scope: RequestScope, given: unknown): void {
    this.#turnOn();
    const before = scope.get(this) as TagSet | undefined;
    try {
      scope.set(this, this.#setOf(this.#merged(before?.tags ?? [], given)));
    } catch (error) {
      this.#leaveOut(() => `they threw ${describe(String(error))}`);
    }
  }

  #turnOn(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    for (const { held, turnOn } of this.#followers) {
      const follower = held.deref();
      if (follower !== undefined) turnOn(follower);
    }
    this.#followers = [];
  }

  /** All tags, sorted. A new value takes the place of the old one; null and undefined take a tag away. */
  #merged(before: readonly Tag[], given: unknown): readonly Tag[] {
    if (!isTagsObject(given)) {
      this.#leaveOut(() => `they are an object, not ${describe(given)}`);
      return before;
    }
    const merged = new Map(before);
    for (const key of Object.keys(given)) {
      const value = given[key];
      if (value === undefined || value === null) merged.delete(key);
      else this.#addTag(merged, key, value);
    }
    return [...merged].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  #addTag(tags: Map<string, string>, key: string, value: Tags[string]): void {
    const tag = this.#readTag(key, value);
    if (tag === undefined) return;
    const [cleanKey] = tag;
    const bytes = [...tags].reduce(
      (sum, one) => (one[0] === cleanKey ? sum : sum + bytesOf(one)),
      bytesOf(tag),
    );
    if (bytes <= MAX_BYTES) tags.set(...tag);
    else this.#leaveOut(() => `tag ${describe(key)} doesn't fit: they have ${MAX_BYTES} bytes together`);
  }

  #readTag(key: string, value: Tags[string]): Tag | undefined {
    try {
      return canonicalTags({ [key]: value })[0];
    } catch (error) {
      if (!(error instanceof BadTag)) throw error;
      this.#leaveOut(() => error.message);
      return undefined;
    }
  }

  #leaveOut(why: () => string): void {
    this.#intake.note('request tags', () => `tags of a request: ${why()}; the request goes on without`);
  }

  #setOf(tags: readonly Tag[]): TagSet {
    const { key } = identify('', tags);
    let set = this.#sets.get(key);
    if (set === undefined) {
      if (this.#sets.size >= MAX_SETS) this.#forgetSets();
      this.#sets.set(key, (set = new TagSet(tags)));
    }
    return set;
  }

  /** Requests that are under way keep theirs. */
  #forgetSets(): void {
    this.#sets.clear();
    this.#newCalls = 0;
  }
}

function bytesOf([key, value]: Tag): number {
  return Buffer.byteLength(key) + Buffer.byteLength(value);
}

/** The tags of all requests that have the same ones. */
class TagSet {
  readonly tags: readonly Tag[];
  readonly #scopes = new WeakMap<Scope, Scope>();
  #latest: Scope | undefined;
  #ofLatest: Scope | undefined;

  constructor(tags: readonly Tag[]) {
    this.tags = tags;
  }

  /** A client's scope with these tags. */
  scopeOf(scope: Scope): Scope {
    if (scope === this.#latest) return this.#ofLatest!;
    let tagged = this.#scopes.get(scope);
    if (tagged === undefined) this.#scopes.set(scope, (tagged = requestScopeOf(scope, this.tags)));
    this.#latest = scope;
    this.#ofLatest = tagged;
    return tagged;
  }
}

/** Finds metrics by the look-up of the request under way. */
class FinderHere<M extends Metric> implements Finder<M> {
  readonly byName: Finder<M>['byName'];
  readonly #here: () => Lookup<M>;

  constructor(here: () => Lookup<M>) {
    this.#here = here;
    this.byName = { get: (name) => here().byName.get(name) };
  }

  byTags(name: unknown, options: unknown): M | undefined {
    return this.#here().byTags(name, options);
  }
}
