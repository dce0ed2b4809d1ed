import { type Entry, entriesOf } from './entries.js';
import { functionAt } from './member.js';

/**
 * Finds the class or prototype of a standard decorator's member, from an object on which the member was called. It is the class
 * whose function has the entry. If another library's decorator hides the function, it is the nearest class without entries. The
 * result is undefined for an object that got the function from elsewhere. Private members can't be looked up, so they get the
 * class of the first object.
 */
export function findOwner(self: object, entry: Entry): object | undefined {
  const { key, private: isPrivate, static: isStatic } = entry.member;
  if (isPrivate) return isStatic ? self : (Object.getPrototypeOf(self) as object | undefined);
  let hidden: object | undefined;
  for (const holder of chain(self)) {
    const fn = functionAt(holder, key);
    if (fn === undefined || !(isStatic ? typeof holder === 'function' : Object.hasOwn(holder, 'constructor')))
      continue;
    const entries = entriesOf(holder, key, fn);
    if (entries.includes(entry)) return holder;
    if (entries.length === 0) hidden ??= holder;
  }
  return hidden;
}

/** The first object in the chain, from the given one on, that has a member of this name. */
export function firstHolder(self: object, key: string | symbol): object | undefined {
  for (const holder of chain(self)) if (Object.hasOwn(holder, key)) return holder;
  return undefined;
}

/** An object and its prototypes. */
export function* chain(start: object): Generator<object> {
  for (
    let object: object | null = start;
    object !== null;
    object = Object.getPrototypeOf(object) as object | null
  ) {
    yield object;
  }
}
