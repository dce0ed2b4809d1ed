import { type Entry, entriesOf } from './entries.js';
import { functionAt } from './member.js';

/**
 * The class or prototype that a standard decorator's member belongs to, found from an object on which it was called: the
 * one whose function has the entry. Where a decorator of somebody else's hides it, that is the nearest one without entries.
 */
export function findOwner(self: object, entry: Entry): object {
  const { key, private: isPrivate } = entry.member;
  let hidden: object | undefined;
  for (let holder = isPrivate ? null : self; holder !== null; holder = parentOf(holder)) {
    const fn = functionAt(holder, key);
    if (fn === undefined) continue;
    const entries = entriesOf(holder, key, fn);
    if (entries.includes(entry)) return holder;
    if (entries.length === 0 && holder !== self) hidden ??= holder;
  }
  return hidden ?? (typeof self === 'function' ? self : (parentOf(self) ?? self));
}

/** The first object in the chain, from the given one on, that has a member of this name. */
export function firstHolder(self: object, key: string | symbol): object | undefined {
  for (let holder: object | null = self; holder !== null; holder = parentOf(holder)) {
    if (Object.hasOwn(holder, key)) return holder;
  }
  return undefined;
}

function parentOf(object: object): object | null {
  return Object.getPrototypeOf(object) as object | null;
}
