import type { Ledger } from '../account/ledger.js';
import type { Report } from '../account/report.js';
import { CHECKS } from '../check/rules.js';
import type { Metric } from '../metric/metric.js';
import { describe } from '../text/describe.js';
import { type Identity, identify } from '../text/identity.js';
import { MAX_NAME_BYTES, cleanName, nameProblem } from '../text/name.js';
import {
  BadTag,
  type Tag,
  type Tags,
  canonicalTags,
  copyTags,
  isTagsObject,
  withMoreTags,
} from '../text/tags.js';
import type { Family } from './family.js';
import type { Lookup } from './lookup.js';
import type { Registry } from './registry.js';
import type { Scope } from './scope.js';

/** How one call is recorded. A number is a sample rate. */
export type CallOptions =
  | number
  | {
      /**
       * A number above 0 and up to 1. It counts only while samples aren't aggregated, and never for gauges and sets. Default: 1.
       */
      readonly sampleRate?: number;
      /** Tags of the metric. Default: none. */
      readonly tags?: Tags;
    };

/** The known options. `combine` is an option of gauge callbacks. */
const OPTIONS = new Set(['sampleRate', 'tags', 'combine']);

/**
 * The slow way for calls that the look-up doesn't know: a new name, several names, new tags, a sample rate, or bad input. A bad
 * call is refused, counted, and warned about once per kind. Nothing is thrown.
 */
export class Intake {
  readonly #registry: Registry;
  readonly #ledger: Ledger;
  readonly #report: Report;
  /** While false, calls are ignored and no metric is made. */
  #enabled = true;

  constructor(registry: Registry, ledger: Ledger, report: Report) {
    this.#registry = registry;
    this.#ledger = ledger;
    this.#report = report;
  }

  apply(settings: { readonly enabled: boolean }): void {
    this.#enabled = settings.enabled;
  }

  /**
   * Calls `record` with the metric of each name, and remembers the metric in `lookup`.
   *
   * @param value - the value to record. If the kind doesn't accept it, it is refused before a metric is made.
   * @param names - a name, an array of names, or anything else that a caller has passed.
   * @param samples - how many samples count as dropped if there is no room for the metric.
   */
  each<M extends Metric>(
    family: Family<M>,
    scope: Scope,
    lookup: Lookup<M>,
    value: unknown,
    names: unknown,
    options: unknown,
    record: (metric: M, sampleRate: number) => void,
    samples = 1,
  ): void {
    if (!this.#enabled) return;
    try {
      const accepted = this.#options(options, names);
      if (accepted === undefined) return;
      const { tags, sampleRate } = accepted;
      for (const name of Array.isArray(names) ? (names as unknown[]) : [names]) {
        const identity = this.#identify(scope, name, tags);
        if (identity === undefined) continue;
        if (!family.kind.accepts(value)) {
          this.#registry.rejected(family.kind.sample, identity.name, value);
          continue;
        }
        const metric = this.metric(family, identity, samples);
        if (metric === undefined) continue;
        lookup.remember(name as string, tags, metric, this.#registry.maxMetrics);
        record(metric, sampleRate);
      }
    } catch (error) {
      this.refuseThrown(error);
    }
  }

  /** Sets a gauge whose name was checked before. */
  setGauge(identity: Identity, value: number): void {
    this.metric(this.#registry.gauges, identity)?.set(value);
  }

  /** The metric of an identity. Undefined if there is no room for it. Its `samples` then count as dropped. Default: 1 sample. */
  metric<M extends Metric>(family: Family<M>, identity: Identity, samples = 1): M | undefined {
    const metric = this.#registry.get(family, identity);
    if (metric === undefined) this.#ledger.dropped.cardinality += samples;
    return metric;
  }

  /** The identity of a metric that app code will hold. Undefined if the call was refused. */
  identity(scope: Scope, name: unknown, options: unknown): Identity | undefined {
    try {
      const accepted = this.#options(options, name);
      return accepted && this.#identify(scope, name, accepted.tags);
    } catch (error) {
      this.refuseThrown(error);
      return undefined;
    }
  }

  /** The identity of a metric. Undefined if the call was refused. Errors of the caller's getters are thrown. */
  #identify(scope: Scope, name: unknown, tags: Tags | undefined): Identity | undefined {
    return this.identityBy(scope.prefix, name, (clean) => this.#tags(scope, tags, clean));
  }

  /**
   * The identity of a metric. Undefined if the call was refused.
   *
   * @param prefix - The prefix with its dot, or empty.
   * @param readTags - Returns the tags in canonical form, or undefined if they were refused. It gets the cleaned name.
   */
  identityBy(
    prefix: string,
    name: unknown,
    readTags: (name: string) => readonly Tag[] | undefined,
  ): Identity | undefined {
    const problem = nameProblem(name);
    if (problem !== undefined) {
      this.refuse(`name ${problem}`, () => `a name ${problem}: ${describe(name)}`);
      return undefined;
    }
    const clean = cleanName(name as string);
    if (clean !== name) {
      this.note(
        'name',
        () => `name ${describe(name)} can't be sent as it is; it becomes ${describe(clean)}`,
        name as string,
      );
    }
    const tags = readTags(clean);
    if (tags === undefined) return undefined;
    const identity = identify(prefix + clean, tags);
    // The key has a NUL where the message has a separator, so its length is the length on the wire.
    if (Buffer.byteLength(identity.key) <= MAX_NAME_BYTES) return identity;
    this.refuse(
      'length',
      () => `name ${describe(name)} is longer than ${MAX_NAME_BYTES} bytes with its prefix and tags`,
      clean,
    );
    return undefined;
  }

  /**
   * Warns about an argument after a call's options, where hot-shots has its tags and callbacks. The call counts.
   *
   * @param extra - The argument. Undefined: there is none.
   */
  noteExtra(extra: unknown, names: unknown): void {
    if (extra === undefined || !this.#enabled) return;
    const remedy =
      typeof extra === 'function' ? 'a callback? await flush()' : 'tags? { tags: { … } } as the options';
    this.note(
      'argument past the last',
      () =>
        `a call's last argument is its options; ${describe(extra)} after them is left out of ${describe(names)} (${remedy})`,
      describe(names),
    );
  }

  /** Warns about a call that counts, once for each kind and `name`. */
  note(kind: string, text: () => string, name?: string): void {
    this.#report.once(kind, text, name);
  }

  /** Counts a refused call, and warns about it once for each kind and `name`. */
  refuse(kind: string, text: () => string, name?: string): void {
    this.#ledger.rejected++;
    this.#report.once(kind, () => `${text()}; the call is refused`, name);
  }

  /** Counts a refused call whose arguments threw, because the caller passed a getter or a Proxy. */
  refuseThrown(error: unknown): void {
    this.refuse('call', () => `a call's arguments threw ${describe(String(error))}`);
  }

  #tags(scope: Scope, tags: Tags | undefined, name: string): Identity['tags'] | undefined {
    if (tags === undefined) return scope.tags;
    try {
      return withMoreTags(canonicalTags(tags), scope.tags);
    } catch (error) {
      if (!(error instanceof BadTag)) throw error;
      this.refuse('tags', () => `${error.message} (of ${describe(name)})`, name);
      return undefined;
    }
  }

  #options(options: unknown, names: unknown): { sampleRate: number; tags: Tags | undefined } | undefined {
    if (options === undefined) return { sampleRate: 1, tags: undefined };
    if (typeof options === 'number') {
      return this.#acceptsRate(options, names) ? { sampleRate: options, tags: undefined } : undefined;
    }
    if (typeof options !== 'object' || options === null || Array.isArray(options)) {
      this.refuse(
        'options',
        () => `options are a sample rate or an object, not ${describe(options)} (of ${describe(names)})`,
        describe(names),
      );
      return undefined;
    }
    const { sampleRate = 1, tags } = options as { sampleRate?: unknown; tags?: unknown };
    if (sampleRate === 1 && tags === undefined) this.#noteUnknown(options, names);
    if (!this.#acceptsRate(sampleRate, names)) return undefined;
    if (tags !== undefined && !isTagsObject(tags)) {
      this.refuse(
        'tags',
        () => `tags are an object, not ${describe(tags)} (of ${describe(names)})`,
        describe(names),
      );
      return undefined;
    }
    return { sampleRate, tags: tags && copyTags(tags) };
  }

  /** Warns about tags that were passed as options, because otherwise people would only miss them at the receiver. */
  #noteUnknown(options: object, names: unknown): void {
    const unknown = Object.keys(options).find((key) => !OPTIONS.has(key));
    if (unknown === undefined) return;
    this.note(
      'unknown option',
      () =>
        `a call's options are sampleRate and tags; ${describe(unknown)} is neither, and is left out of ${describe(names)} (a tag? tags: { … })`,
      describe(names),
    );
  }

  #acceptsRate(rate: unknown, names: unknown): rate is number {
    if (CHECKS.sampleRate.accepts(rate)) return true;
    this.refuse(
      'rate',
      () =>
        `a sample rate is a number above 0 and up to 1, not ${describe(rate)} (of ${describe(names)}; updateStats takes a delta)`,
      describe(names),
    );
    return false;
  }
}
