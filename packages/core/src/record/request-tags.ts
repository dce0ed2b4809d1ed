import { type RequestScope, requestScope } from '../request/scope.js';
import { describe } from '../text/describe.js';
import { identify } from '../text/identity.js';
import { BadTag, type Tag, type Tags, canonicalTags, isTagsObject } from '../text/tags.js';
import type { Intake } from './intake.js';
import type { Registry } from './registry.js';
import { type Scope, requestScopeOf } from './scope.js';

/** Keys and values of a request's tags together, in bytes: names and tags of calls need the rest of what a metric can have. */
const MAX_BYTES = 200;
/** Different tags of requests of which the metrics are remembered. */
const MAX_SETS = 1000;

/**
 * Whether any client has had tags of a request. All calls look here, and at nothing else of this until then: a client can't be told,
 * because a list of all clients would hold them.
 */
export const requestTagsUse = { isOn: false };

/**
 * The tags of requests, of one client with its children.
 */
export class RequestTags {
  readonly #registry: Registry;
  readonly #intake: Intake;
  /** Equal tags are one object, which knows the metrics that calls have met. */
  readonly #sets = new Map<string, TagSet>();
  #isOn = false;
  /** Calls since `#sets` began that may have had a metric remembered. */
  #newCalls = 0;

  constructor(registry: Registry, intake: Intake) {
    this.#registry = registry;
    this.#intake = intake;
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

  /** The scope of a client's calls: with the tags of the request under way, if it has any. */
  scopeOf(scope: Scope): Scope {
    return this.#isOn ? (this.#current?.scopeOf(scope) ?? scope) : scope;
  }

  /** The same for a call that look-ups don't know. */
  scopeOfNew(scope: Scope): Scope {
    // Each such call may have a metric remembered, and metrics that are let go are forgotten only here.
    if (this.#isOn && ++this.#newCalls > this.#registry.maxMetrics) this.#forgetSets();
    return this.scopeOf(scope);
  }

  get #current(): TagSet | undefined {
    return requestScope.current()?.get(this) as TagSet | undefined;
  }

  #add(scope: RequestScope, given: unknown): void {
    this.#isOn = requestTagsUse.isOn = true;
    const before = scope.get(this) as TagSet | undefined;
    try {
      scope.set(this, this.#setOf(this.#merged(before?.tags ?? [], given)));
    } catch (error) {
      this.#leaveOut(() => `they threw ${describe(String(error))}`);
    }
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
