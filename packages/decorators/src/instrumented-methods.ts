import { describe } from '@afstatsd/core/instrument';
import { type DecoratorName, entriesOf } from './entries.js';
import { className, functionAt, keyName } from './member.js';
import { chain } from './owner.js';

/** A method or getter, and the metrics that one decorator records for it. */
export interface InstrumentedMethod {
  /** The class that has the member: the given one, or a class that it extends. */
  readonly class: string;
  /** The member's name or symbol. */
  readonly member: string | symbol;
  /** `method` or `getter`. */
  readonly kind: 'method' | 'getter';
  /** Whether the member belongs to the class itself, and not to its instances. */
  readonly static: boolean;
  /** The decorator that records the metrics below. */
  readonly decorator: DecoratorName;
  /** The metrics, without the client's prefix, and without tags that are folded into names. */
  readonly metrics: readonly {
    /** What kind of metric it is. */
    readonly type: 'counter' | 'gauge' | 'timer';
    /** The name under which it is recorded. */
    readonly name: string;
  }[];
}

/**
 * Lists what is instrumented in a class and in those that it extends, with the names of the metrics: instance members first,
 * then static ones, in the order in which the classes have them, and of several decorators on one member the innermost
 * first. Members that are `#private` can't be seen from outside, and aren't listed.
 *
 * @param target - the class.
 * @throws TypeError for a value that isn't a class.
 * @example
 * ```ts
 * import { Timed, instrumentedMethods } from '@afstatsd/decorators';
 *
 * class Shop {
 *   @Timed('ecommerce.checkout') checkout(): void {}
 * }
 * for (const { metrics } of instrumentedMethods(Shop)) console.log(metrics);
 * // [ { type: 'timer', name: 'ecommerce.checkout' }, { type: 'counter', name: 'ecommerce.checkout.errors' } ]
 * ```
 */
export function instrumentedMethods(target: Function): InstrumentedMethod[] {
  if (typeof target !== 'function' || typeof target.prototype !== 'object') {
    throw new TypeError(`instrumentedMethods takes a class, not ${describe(target)}`);
  }
  return [...methodsOf(target.prototype as object), ...methodsOf(target)];
}

function* methodsOf(start: object): Generator<InstrumentedMethod> {
  for (const holder of chain(start)) {
    for (const key of Reflect.ownKeys(holder)) {
      const fn = functionAt(holder, key);
      for (const { decorator, member, name, metrics } of fn === undefined ? [] : entriesOf(holder, key, fn)) {
        const base = name ?? `${className(holder)}.${keyName(key)}`;
        yield {
          class: className(holder),
          member: key,
          kind: member.kind,
          static: member.static,
          decorator,
          metrics: metrics.map(({ type, suffix }) => ({ type, name: `${base}${suffix}` })),
        };
      }
    }
  }
}
