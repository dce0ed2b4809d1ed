import {
  CHECKS,
  COMBINE,
  type Check,
  type Checks,
  describe,
  hasMethods,
  isTagValue,
  isTagsObject,
  nameProblem,
  oneOf,
  readOptions,
} from '@afstatsd/core/instrument';

const isFunction = (value: unknown): boolean => typeof value === 'function';
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function isTags(value: unknown): boolean {
  if (!isTagsObject(value)) return false;
  return Object.entries(value).every(
    ([key, tag]) => key !== '' && (tag === null || tag === undefined || isTagValue(tag)),
  );
}

const RECORDS = ['gauge', 'increment', 'timing', 'updateStats'];

function isMemberList(value: unknown): boolean {
  return Array.isArray(value) && value.every((key) => typeof key === 'string' || typeof key === 'symbol');
}

const OPTIONS: Readonly<Record<string, Check>> = {
  tags: {
    must: 'be an object of strings, numbers and booleans, or a function',
    accepts: (value) => isFunction(value) || isTags(value),
  },
  sampleRate: CHECKS.sampleRate,
  enabled: CHECKS.boolean,
  statsd: {
    must: `be a client, with the methods ${RECORDS.join(', ').replace(/, (\w+)$/, ' and $1')}`,
    accepts: (value) => hasMethods(value, ...RECORDS),
  },
  include: { must: "be an array of members' names", accepts: isMemberList },
  exclude: { must: "be an array of members' names", accepts: isMemberList },
  on: { must: "be 'success' or 'failure'", accepts: (value) => value === 'success' || value === 'failure' },
  delta: {
    must: 'be a finite number, or a function',
    accepts: (value) => isFunction(value) || Number.isFinite(value),
  },
  value: CHECKS.function,
  inFlight: CHECKS.boolean,
  poll: CHECKS.boolean,
  outcomeTags: CHECKS.function,
  errors: CHECKS.function,
  blocking: CHECKS.boolean,
  combine: oneOf(Object.keys(COMBINE)),
};
const COMMON = ['tags', 'sampleRate', 'enabled', 'statsd', 'include', 'exclude'];

/** The arguments of a decorator, as a name and options. */
export interface Given<O> {
  readonly name: string | undefined;
  readonly options: O;
}

/**
 * Reads the arguments of a decorator: a name, options, or both. An undefined option counts as not given.
 *
 * @param own - the options that only this decorator has.
 * @param suffixesWith - gives the texts that are added to the name with these options. The name must fit with them, too.
 * @throws TypeError whose message begins with `where`.
 */
export function readArguments<O extends object>(
  args: readonly unknown[],
  own: readonly string[],
  suffixesWith: (options: O) => readonly string[],
  where: string,
): Given<O> {
  const [first, second] = args;
  const onlyOptions = isObject(first) && args.length === 1;
  const name = onlyOptions ? undefined : first;
  const options = onlyOptions ? first : second;
  if (args.length > 2)
    throw new TypeError(`${where}: it takes a name and options, not ${args.length} arguments`);
  const known = [...COMMON, ...own].map((option) => [option, OPTIONS[option]!] as const);
  const given = readOptions<O>(options ?? {}, Object.fromEntries(known) as Checks<O>, `${where}: `);
  if (name !== undefined) checkName(name, suffixesWith(given as O), where);
  return { name: name as string | undefined, options: given as O };
}

function checkName(name: unknown, suffixes: readonly string[], where: string): void {
  const problem =
    nameProblem(name) ?? suffixes.map((suffix) => nameProblem(`${name as string}${suffix}`)).find(Boolean);
  if (problem !== undefined) throw new TypeError(`${where}: the metric's name ${problem}: ${describe(name)}`);
}
