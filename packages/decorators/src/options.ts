import { COMBINE, describe, nameProblem } from '@afstatsd/core/instrument';

interface Check {
  readonly must: string;
  readonly accepts: (value: unknown) => boolean;
}

const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isFunction = (value: unknown): boolean => typeof value === 'function';
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function isTags(value: unknown): boolean {
  if (Object.prototype.toString.call(value) !== '[object Object]') return false;
  return Object.entries(value as object).every(
    ([key, tag]) =>
      key !== '' &&
      (tag === null ||
        tag === undefined ||
        Number.isFinite(tag) ||
        typeof tag === 'string' ||
        isBoolean(tag)),
  );
}

function isRecorder(value: unknown): boolean {
  if (!isObject(value)) return false;
  const methods = ['gauge', 'increment', 'timing', 'updateStats'];
  return methods.every((method) => isFunction((value as Record<string, unknown>)[method]));
}

function isMemberList(value: unknown): boolean {
  return Array.isArray(value) && value.every((key) => typeof key === 'string' || typeof key === 'symbol');
}

const CHECKS: Readonly<Record<string, Check>> = {
  tags: {
    must: 'be an object of strings, numbers and booleans, or a function',
    accepts: (value) => isFunction(value) || isTags(value),
  },
  sampleRate: {
    must: 'be a number above 0 and up to 1',
    accepts: (value) => typeof value === 'number' && value > 0 && value <= 1,
  },
  enabled: { must: 'be true or false', accepts: isBoolean },
  statsd: {
    must: 'be a client, with the methods gauge, increment, timing and updateStats',
    accepts: isRecorder,
  },
  include: { must: "be an array of members' names", accepts: isMemberList },
  exclude: { must: "be an array of members' names", accepts: isMemberList },
  on: { must: "be 'success' or 'failure'", accepts: (value) => value === 'success' || value === 'failure' },
  delta: {
    must: 'be a finite number, or a function',
    accepts: (value) => isFunction(value) || Number.isFinite(value),
  },
  value: { must: 'be a function', accepts: isFunction },
  inFlight: { must: 'be true or false', accepts: isBoolean },
  poll: { must: 'be true or false', accepts: isBoolean },
  combine: {
    must: `be one of ${Object.keys(COMBINE).join(', ')}`,
    accepts: (value) => typeof value === 'string' && Object.hasOwn(COMBINE, value),
  },
};
const COMMON = ['tags', 'sampleRate', 'enabled', 'statsd', 'include', 'exclude'];

/** What a decorator was called with, as a name and options. */
export interface Given<O> {
  readonly name: string | undefined;
  readonly options: O;
}

/**
 * Reads the arguments of a decorator: a name, options, or both. An option that is undefined is one that was not given.
 *
 * @param own - the options that this decorator has beside those of all.
 * @param suffixes - what is added to the name, which has to fit it, too.
 * @throws TypeError that says what is wrong, after `where`.
 */
export function readArguments<O extends object>(
  args: readonly unknown[],
  own: readonly string[],
  suffixes: readonly string[],
  where: string,
): Given<O> {
  const [first, second] = args;
  const onlyOptions = isObject(first) && args.length === 1;
  const name = onlyOptions ? undefined : first;
  const options = onlyOptions ? first : second;
  if (args.length > 2)
    throw new TypeError(`${where}: it takes a name and options, not ${args.length} arguments`);
  if (name !== undefined) checkName(name, suffixes, where);
  if (options !== undefined && !isObject(options)) {
    throw new TypeError(`${where}: options must be an object; they are ${describe(options)}`);
  }
  return { name: name as string | undefined, options: readOptions((options ?? {}) as O, own, where) };
}

function checkName(name: unknown, suffixes: readonly string[], where: string): void {
  const problem =
    nameProblem(name) ?? suffixes.map((suffix) => nameProblem(`${name as string}${suffix}`)).find(Boolean);
  if (problem !== undefined) throw new TypeError(`${where}: the metric's name ${problem}: ${describe(name)}`);
}

function readOptions<O extends object>(options: O, own: readonly string[], where: string): O {
  const known = [...COMMON, ...own];
  const given: [string, unknown][] = [];
  for (const [option, value] of Object.entries(options) as [string, unknown][]) {
    if (!known.includes(option)) {
      throw new TypeError(`${where}: unknown option ${describe(option)}; there are ${known.join(', ')}`);
    }
    if (value === undefined) continue;
    const { must, accepts } = CHECKS[option]!;
    if (!accepts(value))
      throw new TypeError(`${where}: option ${option} must ${must}; it is ${describe(value)}`);
    given.push([option, value]);
  }
  return Object.fromEntries(given) as O;
}
