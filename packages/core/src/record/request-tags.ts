import { type RequestScope, requestScope } from '../request/scope.js';
import { describe } from '../text/describe.js';
import { identify } from '../text/identity.js';
import { BadTag, type Tag, type Tags, canonicalTags, isTagsObject } from '../text/tags.js';
import type { Intake } from './intake.js';
import type { Registry } from './registry.js';
import { type Scope, requestScopeOf } from './scope.js';

/** Limit of all keys and values of a request's tags, in bytes. The rest of a metric's 512 bytes is for names and tags of calls. */
const MAX_BYTES = 200;
/** How many different sets of tags are remembered with their metrics. */
const MAX_SETS = 1000;
/** How many steps from one set of tags to another are remembered: a few per set. */
const MAX_STEPS = 4 * MAX_SETS;

/**
 * Whether any client has had tags of a request. Until then calls check only this flag. It is global, because a list of all
 * clients to notify would keep them alive.
 */
export const requestTagsUse = { isOn: false };

/**
 * The tags of requests, of one client with its children.
 */
export class RequestTags {
  readonly #registry: Registry;
  readonly #intake: Intake;
  /** Sets by their tags. Equal tags are one object, which remembers the metrics of calls. */
  readonly #sets = new Map<string, TagSet>();
  /** The empty set, with which each request begins. */
  #none = new TagSet([]);
  #steps = 0;
  #isOn = false;
  /** Calls that may have added a remembered metric since `#sets` was cleared. */
  #newCalls = 0;

  constructor(registry: Registry, intake: Intake) {
    this.#registry = registry;
    this.#intake = intake;
  }

  /** Calls `fn` in a request with these tags. Within a request they are added to its tags. */
  run<T>(tags: Tags, fn: () => T): T {
    const scope = requestScope.inner();
    this.#add(scope, tags);
    return requestScope.run(scope, fn);
  }

  /** Adds tags to the current request. Outside of a request this gives one warning. */
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

  /** The tags of the current request. */
  get tags(): readonly Tag[] {
    return this.#current?.tags ?? [];
  }

  /** The scope of a client's calls, with the tags of the current request if it has any. */
  scopeOf(scope: Scope): Scope {
    return this.#isOn ? (this.#current?.scopeOf(scope) ?? scope) : scope;
  }

  /** The same for a call that missed in the look-up. */
  scopeOfNew(scope: Scope): Scope {
    // Each such call may remember a metric. Metrics that the registry has let go are forgotten only here.
    if (this.#isOn && ++this.#newCalls > this.#registry.maxMetrics) this.#forgetSets();
    return this.scopeOf(scope);
  }

  get #current(): TagSet | undefined {
    return requestScope.current()?.get(this) as TagSet | undefined;
  }

  #add(scope: RequestScope, given: unknown): void {
    this.#isOn = requestTagsUse.isOn = true;
    let set = (scope.get(this) as TagSet | undefined) ?? this.#none;
    try {
      if (!isTagsObject(given)) this.#leaveOut(() => `they are an object, not ${describe(given)}`);
      else for (const key of Object.keys(given)) set = this.#with(set, key, given[key]);
    } catch (error) {
      this.#leaveOut(() => `they threw ${describe(String(error))}`);
    }
    scope.set(this, set);
  }

  /** The set with one more tag. A new value replaces the old one. null and undefined remove the tag. */
  #with(set: TagSet, key: string, value: Tags[string]): TagSet {
    const known = set.next(key, value);
    if (known !== undefined) return known;
    const tags =
      value === undefined || value === null ? without(set.tags, key) : this.#more(set.tags, key, value);
    if (tags === undefined) return set;
    if (++this.#steps > MAX_STEPS) this.#forgetSets();
    const next = this.#setOf(tags);
    set.remember(key, value, next);
    return next;
  }

  /** The tags with one more tag. Undefined if that tag is left out. */
  #more(tags: readonly Tag[], key: string, value: Tags[string]): readonly Tag[] | undefined {
    const tag = this.#readTag(key, value);
    if (tag === undefined) return undefined;
    const more = [...without(tags, tag[0]), tag];
    if (more.reduce((sum, one) => sum + bytesOf(one), 0) <= MAX_BYTES) return more.sort(byKey);
    this.#leaveOut(() => `tag ${describe(key)} doesn't fit: they have ${MAX_BYTES} bytes together`);
    return undefined;
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

  /** Forgets all sets. Current requests keep their own. */
  #forgetSets(): void {
    this.#sets.clear();
    this.#none = new TagSet([]);
    this.#newCalls = 0;
    this.#steps = 0;
  }
}

function bytesOf([key, value]: Tag): number {
  return Buffer.byteLength(key) + Buffer.byteLength(value);
}

function byKey([a]: Tag, [b]: Tag): number {
  return a < b ? -1 : 1;
}

function without(tags: readonly Tag[], key: string): readonly Tag[] {
  return tags.filter(([own]) => own !== key);
}

/** A set of tags, shared by all requests that have the same tags. */
class TagSet {
  /** Sorted by key. */
  readonly tags: readonly Tag[];
  /** The sets with one more tag, by its key and value as the app passed them. */
  readonly #next = new Map<string, Map<Tags[string], TagSet>>();
  readonly #scopes = new WeakMap<Scope, Scope>();
  #latest: Scope | undefined;
  #ofLatest: Scope | undefined;

  constructor(tags: readonly Tag[]) {
    this.tags = tags;
  }

  /** The set with one more tag, if there was one before. */
  next(key: string, value: Tags[string]): TagSet | undefined {
    return this.#next.get(key)?.get(value);
  }

  remember(key: string, value: Tags[string], next: TagSet): void {
    const values = this.#next.get(key);
    if (values === undefined) this.#next.set(key, new Map([[value, next]]));
    else values.set(value, next);
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
