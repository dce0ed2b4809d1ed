import { types } from 'node:util';
import type { DecoratorName } from './entries.js';
import { type AnyFunction, type Member, className, placeOf } from './member.js';

/** The member or class that a decorator stands on. */
export type Target = ClassTarget | MemberTarget;

export interface ClassTarget {
  readonly type: 'class';
  readonly class: AnyFunction;
  readonly name: string;
}

export interface MemberTarget {
  readonly type: 'member';
  readonly member: Member;
  readonly fn: AnyFunction;
  /** Gives the value that a decorator returns to replace the function. */
  readonly replaced: (fn: AnyFunction) => unknown;
  /** Calls a function with each new instance or, for a static member, with the class. Legacy decorators can't. */
  readonly onInstance: (tell: (instance: object) => void) => void;
}

/** The context that the language, or a compiler, gives a standard decorator. */
type Context = Pick<ClassMethodDecoratorContext, 'addInitializer' | 'name' | 'private' | 'static'> & {
  readonly kind: DecoratorContext['kind'];
};

/**
 * Finds the target of a decorator in the arguments of its call. A standard (TC39) decorator gets a value and a context. A legacy one
 * (`experimentalDecorators`) gets a class, or the class or prototype, the key and the descriptor of a member. Other arguments are
 * the decorator's own, and give undefined.
 *
 * @throws TypeError for a target that can't be instrumented.
 */
export function readTarget(decorator: DecoratorName, args: readonly unknown[]): Target | undefined {
  if (isStandard(args)) return standardTarget(decorator, ...args);
  const [target, key, descriptor] = args;
  // A parameter's index; a constructor has no name.
  if (typeof descriptor === 'number') {
    const where = { key: (key ?? 'constructor') as string | symbol, owner: target as object };
    throw misplaced(decorator, 'parameter of', placeOf(where));
  }
  const isFunction = typeof target === 'function';
  if (isFunction && key === undefined) return legacyClass(decorator, target as AnyFunction);
  if (!isFunction && (typeof target !== 'object' || target === null)) return undefined;
  if (typeof key !== 'string' && typeof key !== 'symbol') return undefined;
  return legacyMember(decorator, target, key, descriptor);
}

function isStandard(args: readonly unknown[]): args is [value: unknown, context: Context] {
  const context = args[1] as Partial<Context> | null | undefined;
  if (args.length !== 2 || typeof context !== 'object' || context === null) return false;
  return typeof context.kind === 'string' && typeof context.addInitializer === 'function';
}

function standardTarget(decorator: DecoratorName, value: unknown, context: Context): Target {
  const { kind, name: key } = context;
  const fn = value as AnyFunction;
  if (kind === 'class')
    return { type: 'class', class: fn, name: key === undefined ? className(fn) : String(key) };
  if (kind !== 'method' && kind !== 'getter')
    throw misplaced(decorator, kind, placeOf({ key, owner: undefined }));
  const member: Member = { key, kind, static: context.static, private: context.private, owner: undefined };
  return {
    type: 'member',
    member,
    fn,
    replaced: (wrapper) => wrapper,
    onInstance: (tell) => {
      context.addInitializer(function () {
        tell(this as object);
      });
    },
  };
}

function legacyClass(decorator: DecoratorName, target: AnyFunction): ClassTarget {
  if (isClass(target)) return { type: 'class', class: target, name: className(target) };
  throw new TypeError(
    `@${decorator} is for methods, getters and classes; Statsd.time and Statsd.count wrap a function`,
  );
}

/** Whether it is a class, or a function that a compiler has made of one: such a function extends a class, or has members. */
function isClass(target: AnyFunction): boolean {
  const { prototype } = target as { readonly prototype?: unknown };
  if (typeof prototype !== 'object' || prototype === null) return false;
  // The prototype of a class can't be replaced.
  if (Object.getOwnPropertyDescriptor(target, 'prototype')?.writable === false) return true;
  // Calls of a generator function inherit from its prototype.
  if (types.isGeneratorFunction(target)) return false;
  if (Object.getPrototypeOf(prototype) !== Object.prototype) return true;
  const hasMembers = Reflect.ownKeys(prototype).some((key) => key !== 'constructor');
  return hasMembers || Object.keys(target).length > 0;
}

function legacyMember(
  decorator: DecoratorName,
  owner: object,
  key: string | symbol,
  descriptor: unknown,
): MemberTarget {
  const { value, get, set } = (
    typeof descriptor === 'object' && descriptor !== null ? descriptor : {}
  ) as PropertyDescriptor;
  const fn: unknown = get ?? value;
  if (typeof fn !== 'function') {
    const kind = set === undefined ? 'field' : 'setter';
    throw misplaced(decorator, kind, placeOf({ key, owner }));
  }
  const [kind, place] = get === undefined ? (['method', 'value'] as const) : (['getter', 'get'] as const);
  const isStatic = typeof owner === 'function';
  return {
    type: 'member',
    member: { key, kind, static: isStatic, private: false, owner },
    fn: fn as AnyFunction,
    // Changed in place, because functions that compose decorators, such as `applyDecorators` of NestJS, may ignore their results.
    replaced: (wrapper) => Object.assign(descriptor as PropertyDescriptor, { [place]: wrapper }),
    onInstance: (tell) => {
      if (isStatic) tell(owner);
    },
  };
}

function misplaced(decorator: DecoratorName, kind: string, where: string): TypeError {
  return new TypeError(
    `@${decorator} can't decorate the ${kind} ${where}: it is for methods, getters and classes`,
  );
}
