import { type CallOptions, Statsd } from '@afstatsd/core';
import { type Outcome, type Watch, describe } from '@afstatsd/core/instrument';
import type { Entry } from './entries.js';
import { className, keyName, placeOf } from './member.js';
import { findOwner } from './owner.js';
import type { CommonOptions, Recorder, TagsFunction } from './types.js';

/** Watches the calls of one decorated member, and records what it sees. Nothing of it throws. */
export abstract class MemberWatch<Run> implements Watch<Run> {
  readonly entry: Entry;
  protected readonly statsd: Recorder;
  /** The options of what is recorded, unless `tags` is a function. */
  protected readonly options: CallOptions | undefined;
  protected readonly tagsOf: TagsFunction | undefined;
  /** The metric's name, once it is known. */
  protected name: string | undefined;
  /** Whether `end` is to be called. */
  readonly needsEnd: boolean = true;
  readonly #sampleRate: number | undefined;

  constructor(entry: Entry, { tags, sampleRate, statsd = Statsd }: CommonOptions) {
    this.entry = entry;
    this.statsd = statsd;
    this.#sampleRate = sampleRate;
    this.tagsOf = typeof tags === 'function' ? tags : undefined;
    this.options =
      typeof tags === 'function'
        ? undefined
        : callOptions(tags === undefined ? undefined : { ...tags }, sampleRate);
    const { owner, key } = entry.member;
    this.name = entry.name ?? (owner && `${className(owner)}.${keyName(key)}`);
  }

  /** A call begins. */
  abstract begin(self: unknown, args: ArrayLike<unknown>): Run;
  abstract again(run: Run): Run;
  abstract end(run: Run, outcome: Outcome, value: unknown): void;

  /** Looks for the class, of which standard decorators aren't told. A method that was taken off its object has none. */
  protected findName(self: unknown): void {
    if ((typeof self !== 'object' && typeof self !== 'function') || self === null) return;
    try {
      this.name = `${className(findOwner(self, this.entry))}.${keyName(this.entry.member.key)}`;
    } catch (error) {
      this.warn('class of', error); // a Proxy that refuses
    }
  }

  /** The name under which is recorded now. */
  protected get currentName(): string {
    return this.name ?? `anonymous.${keyName(this.entry.member.key)}`;
  }

  /** What a call is recorded with, where `tags` is a function. */
  protected optionsFor(self: unknown, args: ArrayLike<unknown>): CallOptions | undefined {
    try {
      return callOptions(this.tagsOf?.(self, Array.from(args)), this.#sampleRate);
    } catch (error) {
      this.warn('tags function of', error);
      return callOptions(undefined, this.#sampleRate);
    }
  }

  /** Has a gauge read at each flush, until the function that this returns is called. Several under one name add up. */
  protected readAtFlush(name: string, read: () => number): () => void {
    const tags = typeof this.options === 'object' ? this.options.tags : undefined;
    try {
      return this.statsd.gauge(name, read, tags === undefined ? {} : { tags });
    } catch (error) {
      this.warn('client of', error);
      return () => {};
    }
  }

  protected warn(what: string, error: unknown): void {
    const { decorator, member } = this.entry;
    const subject = `the ${what} @${decorator} on ${this.name ?? placeOf(member)}`;
    warnOnce(this.statsd, subject, () => `${subject} threw ${describe(String(error))}`);
  }
}

function callOptions(tags: object | undefined, sampleRate: number | undefined): CallOptions | undefined {
  if (tags === undefined) return sampleRate;
  return (sampleRate === undefined ? { tags } : { tags, sampleRate }) as CallOptions;
}

const told = new Set<string>();

/** By way of the client, if it can; one of the app's own need not. */
function warnOnce(statsd: Recorder, kind: string, text: () => string): void {
  try {
    if (typeof statsd.warnOnce === 'function') {
      statsd.warnOnce(kind, text);
      return;
    }
  } catch {
    // Then it is said here.
  }
  if (told.has(kind)) return;
  told.add(kind);
  process.emitWarning(`afstatsd: ${kind} failed`, 'StatsdWarning');
}
