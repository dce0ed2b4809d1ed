import { type CallOptions, type OutcomeTags, Statsd, type Tags } from '@afstatsd/core';
import {
  type EndedWith,
  type Outcome,
  type Watch,
  describe,
  ignoreRejection,
  tagsAtEnd,
} from '@afstatsd/core/instrument';
import type { Entry } from './entries.js';
import { className, keyName, placeOf } from './member.js';
import { findOwner } from './owner.js';
import type { CommonOptions, Recorder, TagsFunction, TimedOptions } from './types.js';

/** Watches the calls of one decorated member and records them. It never throws. */
export abstract class MemberWatch<Run> implements Watch<Run> {
  readonly entry: Entry;
  protected readonly statsd: Recorder;
  /** The options for recording, unless `tags` is a function. */
  protected readonly options: CallOptions | undefined;
  protected readonly tagsOf: TagsFunction | undefined;
  protected readonly outcomeTags: OutcomeTags | undefined;
  readonly #errors: TimedOptions['errors'];
  /** The metric's name, once it is known. */
  protected name: string | undefined;
  readonly known: Watch<Run>['known'] = new WeakMap();
  within?: NonNullable<Watch<Run>['within']>;
  /** Whether `end` is to be called. */
  readonly needsEnd: boolean = true;
  readonly #sampleRate: number | undefined;
  #isAskingForTags = false;

  constructor(
    entry: Entry,
    {
      tags,
      sampleRate,
      statsd = Statsd,
      outcomeTags,
      errors,
    }: CommonOptions & Pick<TimedOptions, 'errors' | 'outcomeTags'>,
  ) {
    this.entry = entry;
    this.statsd = statsd;
    this.outcomeTags = outcomeTags;
    this.#errors = errors;
    this.#sampleRate = sampleRate;
    this.tagsOf = typeof tags === 'function' ? tags : undefined;
    this.options =
      typeof tags === 'function'
        ? undefined
        : callOptions(tags === undefined ? undefined : { ...tags }, sampleRate);
    const { owner, key } = entry.member;
    this.name = entry.name ?? (owner && `${className(owner)}.${keyName(key)}`);
    if (this.name !== undefined) this.#announce(this.name);
  }

  /** A call begins. */
  abstract begin(self: unknown, args: ArrayLike<unknown>): Run;
  abstract again(run: Run): Run;
  abstract end(run: Run, outcome: Outcome, value: unknown): void;

  /** Looks for the class, because standard decorators don't know it. An object of another class doesn't lead to it. */
  protected findName(self: unknown): void {
    if ((typeof self !== 'object' && typeof self !== 'function') || self === null) return;
    try {
      const owner = findOwner(self, this.entry);
      if (owner === undefined) return;
      this.name = `${className(owner)}.${keyName(this.entry.member.key)}`;
      this.#announce(this.name);
    } catch (error) {
      this.warn('class of', error); // the object is a Proxy that refuses
    }
  }

  /** The name to record under while the class isn't known. */
  protected get currentName(): string {
    return this.name ?? `anonymous.${keyName(this.entry.member.key)}`;
  }

  /** Announces counters before their first event. Tags from a function aren't known before a call, so those aren't announced. */
  #announce(name: string): void {
    const { statsd, options } = this;
    if (this.tagsOf !== undefined || this.outcomeTags !== undefined) return;
    const tags = typeof options === 'object' ? options.tags : undefined;
    try {
      if (typeof statsd.createCounter !== 'function') return;
      for (const { type, suffix } of this.entry.metrics)
        if (type === 'counter') statsd.createCounter(name + suffix, tags === undefined ? {} : { tags });
    } catch (error) {
      this.warn('client of', error);
    }
  }

  /** The options to record a call with, where `tags` is a function. */
  protected optionsFor(self: unknown, args: ArrayLike<unknown>): CallOptions | undefined {
    let tags: Tags | undefined;
    // A tags function may call the decorated method itself, which would go on for ever.
    if (!this.#isAskingForTags) {
      this.#isAskingForTags = true;
      try {
        tags = this.tagsOf?.(self, Array.from(args));
        ignoreRejection(tags);
      } catch (error) {
        this.warn('tags function of', error);
      }
      this.#isAskingForTags = false;
    }
    return callOptions(tags, this.#sampleRate);
  }

  /**
   * What a call is recorded with once it is over.
   *
   * @param before - What it would be recorded with without `outcomeTags`.
   */
  protected optionsAtEnd(before: CallOptions | undefined, ended: EndedWith): CallOptions | undefined {
    if (this.outcomeTags === undefined) return before;
    const given = typeof before === 'object' ? before : before === undefined ? {} : { sampleRate: before };
    const failed = (error: unknown): void => this.warn('outcomeTags function of', error);
    const tags = tagsAtEnd(this.outcomeTags, given.tags, ended, failed);
    return tags === undefined ? before : { ...given, tags };
  }

  /** Whether an error is to be counted. One that the app's function can't decide on is. */
  protected isError(error: unknown): boolean {
    if (this.#errors === undefined) return true;
    try {
      const counts: unknown = this.#errors(error);
      ignoreRejection(counts);
      return counts !== false;
    } catch (thrown) {
      this.warn('errors function of', thrown);
      return true;
    }
  }

  /** Reads a gauge at each flush, until the returned function is called. Several under one name add up. */
  protected readAtFlush(name: string, read: () => number): () => void {
    const tags = typeof this.options === 'object' ? this.options.tags : undefined;
    try {
      const stop: unknown = this.statsd.gauge(name, read, tags === undefined ? {} : { tags });
      if (typeof stop === 'function') return stop as () => void;
    } catch (error) {
      this.warn('client of', error);
    }
    return () => {};
  }

  protected warn(what: string, error: unknown): void {
    const { decorator, member, name } = this.entry;
    const subject = `the ${what} @${decorator} on ${name ?? placeOf(member)}`;
    this.say(subject, () => `${subject} threw ${textOf(error)}`);
  }

  /** Logs one line a kind. */
  protected say(kind: string, text: () => string): void {
    warnOnce(this.statsd, kind, text);
  }
}

function callOptions(tags: Tags | undefined, sampleRate: number | undefined): CallOptions | undefined {
  if (tags === undefined) return sampleRate;
  return sampleRate === undefined ? { tags } : { tags, sampleRate };
}

function textOf(error: unknown): string {
  try {
    return describe(String(error));
  } catch {
    return 'what has no text';
  }
}

/** Logs through the client or, if that fails, through the shared one. Each logs a line once. */
function warnOnce(statsd: Recorder, kind: string, text: () => string): void {
  for (const client of [statsd, Statsd as Recorder]) {
    try {
      if (typeof client.warnOnce !== 'function') continue;
      client.warnOnce(kind, text);
      return;
    } catch {
      // Only a client that the app wrote can throw. The shared one doesn't.
    }
  }
}
