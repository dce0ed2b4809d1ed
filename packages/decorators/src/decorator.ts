import { classMembers } from './class-members.js';
import { type DecoratorName, type Entry, markSkipped } from './entries.js';
import { instrumentMember } from './instrument-member.js';
import type { MemberWatch } from './member-watch.js';
import { type AnyFunction, type Member, keyName, placeOf } from './member.js';
import { type Given, readArguments } from './options.js';
import { notePolled } from './poll.js';
import { type ClassTarget, type MemberTarget, readTarget } from './target.js';
import type { ClassOptions, CommonOptions } from './types.js';

/** The definition of one of the decorators. */
export interface Definition<O> {
  readonly decorator: DecoratorName;
  /** The names of its own options. */
  readonly options: readonly string[];
  /** Those with an `option` are recorded if it is true. */
  readonly metrics: readonly (Entry['metrics'][number] & { readonly option?: string })[];
  /** The reason why options don't go together, on a member or on a class; undefined if they do. */
  readonly problem: (options: O, on: 'class' | 'member') => string | undefined;
  readonly watch: (entry: Entry, options: O, fn: AnyFunction) => MemberWatch<unknown>;
}

/**
 * A decorator that works as a standard and as a legacy one, bare and with arguments.
 *
 * @param statics - what it has as its own properties, beside `skip`.
 */
export function makeDecorator<O extends CommonOptions & ClassOptions>(
  definition: Definition<O>,
  statics: object = {},
): unknown {
  const { decorator: name } = definition;
  const decorate = (
    args: readonly unknown[],
    on: readonly unknown[],
  ): { readonly result: unknown } | undefined => {
    const target = readTarget(name, on);
    if (target === undefined) return undefined;
    return {
      result:
        target.type === 'class' ? onClass(definition, args, target) : onMember(definition, args, target),
    };
  };
  const decorator = (...args: unknown[]): unknown => {
    const bare = decorate([], args);
    if (bare !== undefined) return bare.result;
    return (...on: unknown[]) => {
      const decorated = decorate(args, on);
      if (decorated !== undefined) return decorated.result;
      throw new TypeError(`@${name}(…) stands in front of a method, a getter or a class`);
    };
  };
  return Object.assign(decorator, { skip: (...on: unknown[]) => skip(name, on), ...statics });
}

function onMember<O extends CommonOptions & ClassOptions>(
  definition: Definition<O>,
  args: readonly unknown[],
  { member, fn, replaced, onInstance }: MemberTarget,
): unknown {
  const where = `@${definition.decorator} on ${placeOf(member)}`;
  const given = read(definition, args, 'member', where);
  if (given.options.enabled === false) {
    markSkipped(definition.decorator, fn, member); // a decorator on the class skips it, too
    if ((given.options as { readonly poll?: boolean }).poll === true) onInstance(notePolled);
    return undefined;
  }
  const { wrapper, entry } = instrument(definition, given, member, fn);
  if (entry.poll !== undefined) onInstance(entry.poll);
  return replaced(wrapper);
}

function onClass<O extends CommonOptions & ClassOptions>(
  definition: Definition<O>,
  args: readonly unknown[],
  target: ClassTarget,
): undefined {
  const where = `@${definition.decorator} on class ${target.name}`;
  const given = read(definition, args, 'class', where);
  if (given.options.enabled === false) return;
  for (const { member, descriptor, fn } of classMembers(
    definition.decorator,
    target.class,
    given.options,
    where,
  )) {
    const name = `${given.name ?? target.name}.${keyName(member.key)}`;
    const { wrapper } = instrument(definition, { ...given, name }, member, fn);
    const place = member.kind === 'getter' ? { get: wrapper } : { value: wrapper };
    Object.defineProperty(member.owner, member.key, { ...descriptor, ...place });
  }
}

function read<O extends CommonOptions & ClassOptions>(
  definition: Definition<O>,
  args: readonly unknown[],
  on: 'class' | 'member',
  where: string,
): Given<O> {
  const { options: own, problem: problemOf } = definition;
  const suffixesWith = (options: O): string[] => metricsWith(definition, options).map(({ suffix }) => suffix);
  const given = readArguments<O>(args, own, suffixesWith, where);
  const { include, exclude } = given.options;
  const misplaced = on === 'member' && (include !== undefined || exclude !== undefined);
  const problem = misplaced ? 'include and exclude are for a class' : problemOf(given.options, on);
  if (problem !== undefined) throw new TypeError(`${where}: ${problem}`);
  return given;
}

function instrument<O>(
  definition: Definition<O>,
  { name, options }: Given<O>,
  member: Member,
  fn: AnyFunction,
): { readonly wrapper: AnyFunction; readonly entry: Entry } {
  const { decorator, watch } = definition;
  const metrics = metricsWith(definition, options);
  const entry: Entry = { decorator, member, name, metrics, poll: undefined };
  return { wrapper: instrumentMember(fn, watch(entry, options, fn)), entry };
}

function metricsWith<O>({ metrics }: Definition<O>, options: O): Entry['metrics'] {
  return metrics
    .filter(({ option }) => option === undefined || (options as Record<string, unknown>)[option] === true)
    .map(({ type, suffix }) => ({ type, suffix }));
}

function skip(decorator: DecoratorName, on: readonly unknown[]): void {
  const target = readTarget(decorator, on);
  if (target?.type !== 'member')
    throw new TypeError(`@${decorator}.skip stands in front of a method or getter`);
  markSkipped(decorator, target.fn, target.member);
}
