import 'reflect-metadata';
import type { AnyFunction, Member } from './member.js';

export type DecoratorName = 'Timed' | 'Counted' | 'Gauge';

/** The record of one decorator on one member. */
export interface Entry {
  readonly decorator: DecoratorName;
  readonly member: Member;
  /** The given name of the metric. Default: a name from the class and the member. */
  readonly name: string | undefined;
  /** The metrics that are recorded, each under the name with a suffix. */
  readonly metrics: readonly { readonly type: 'counter' | 'gauge' | 'timer'; readonly suffix: string }[];
  /** Begins to poll an instance. */
  poll: ((instance: object) => void) | undefined;
}

/** All copies of this package find metadata under these keys, and libraries that copy a function's metadata copy it, too. */
const ENTRIES = 'afstatsd:entries';
const SKIPPED = 'afstatsd:skipped';

/**
 * The entries of a member, the innermost decorator's first.
 *
 * @param holder - the class or prototype that has the member. It has the entries even if another library's decorator hides the function.
 */
export function entriesOf(holder: object, key: string | symbol, fn: AnyFunction): readonly Entry[] {
  return (Reflect.getOwnMetadata(ENTRIES, holder, key) ?? ownEntries(fn)) as readonly Entry[];
}

function ownEntries(fn: AnyFunction): readonly Entry[] {
  return (Reflect.getOwnMetadata(ENTRIES, fn) ?? []) as readonly Entry[];
}

/** Gives a wrapper all metadata of the function that it wraps, also of other libraries, and one entry more. */
export function addEntry(wrapper: AnyFunction, fn: AnyFunction, entry: Entry): void {
  for (const key of Reflect.getOwnMetadataKeys(fn) as unknown[]) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, fn), wrapper);
  }
  const { key, owner } = entry.member;
  const entries = [...(owner === undefined ? ownEntries(fn) : entriesOf(owner, key, fn)), entry];
  Reflect.defineMetadata(ENTRIES, entries, wrapper);
  if (owner !== undefined) Reflect.defineMetadata(ENTRIES, entries, owner, key);
}

/** Notes that a decorator on the class is to leave this member alone. */
export function markSkipped(decorator: DecoratorName, fn: AnyFunction, { key, owner }: Member): void {
  Reflect.defineMetadata(`${SKIPPED}:${decorator}`, true, fn);
  if (owner !== undefined) Reflect.defineMetadata(`${SKIPPED}:${decorator}`, true, owner, key);
}

export function isSkipped(
  decorator: DecoratorName,
  fn: AnyFunction,
  holder: object,
  key: string | symbol,
): boolean {
  const metadataKey = `${SKIPPED}:${decorator}`;
  return Reflect.hasOwnMetadata(metadataKey, fn) || Reflect.hasOwnMetadata(metadataKey, holder, key);
}
