import { describe } from '@afstatsd/core/instrument';
import { type DecoratorName, entriesOf, isSkipped } from './entries.js';
import { type AnyFunction, type Member, functionAt } from './member.js';
import type { ClassOptions } from './types.js';

/** A member that a decorator on its class is to instrument. */
export interface ClassMember {
  readonly member: Member & { readonly owner: object };
  readonly descriptor: PropertyDescriptor;
  readonly fn: AnyFunction;
}

/**
 * The own members of a class that a decorator on it instruments: its methods with strings for names, or the members that
 * `include` names. Members that are excluded, marked with `skip`, or have that decorator themselves are left out. Properties are
 * read by their descriptors, so that no getter runs.
 *
 * @throws TypeError for a name in `include` or `exclude` that no member has.
 */
export function* classMembers(
  decorator: DecoratorName,
  target: AnyFunction,
  { include, exclude = [] }: ClassOptions,
  where: string,
): Generator<ClassMember> {
  const holders = [target.prototype as object, target];
  for (const key of [...(include ?? []), ...exclude]) {
    if (holders.some((holder) => key !== 'constructor' && functionAt(holder, key) !== undefined)) continue;
    throw new TypeError(`${where}: it has no method or getter ${describe(key)} of its own`);
  }
  for (const owner of holders) {
    for (const key of Reflect.ownKeys(owner)) {
      const descriptor = Object.getOwnPropertyDescriptor(owner, key)!;
      const wanted =
        include === undefined ? isMethod(key, descriptor) : include.includes(key) && key !== 'constructor';
      const fn = functionAt(owner, key);
      if (!wanted || exclude.includes(key) || fn === undefined) continue;
      if (!descriptor.configurable) {
        if (include === undefined) continue;
        throw new TypeError(`${where}: ${describe(String(key))} can't be changed: the class is frozen`);
      }
      if (isSkipped(decorator, fn, owner, key)) continue;
      if (entriesOf(owner, key, fn).some((entry) => entry.decorator === decorator)) continue;
      const kind = descriptor.get === undefined ? 'method' : 'getter';
      const isStatic = typeof owner === 'function';
      yield { member: { key, kind, static: isStatic, private: false, owner }, descriptor, fn };
    }
  }
}

/** Methods can't be enumerated; a static field that holds a function or a class can. */
function isMethod(key: string | symbol, { value, enumerable }: PropertyDescriptor): boolean {
  return (
    typeof key === 'string' && key !== 'constructor' && typeof value === 'function' && enumerable === false
  );
}
