import { describe } from '../instrument.js';
import { type Expected, type ExpectedTags, fits, isAsymmetric, isMeant, show, showTags } from './expected.js';
import type { RecordedMetric } from './recorded.js';
import { recordingOf } from './recording.js';

/** Whether an expectation is met, and what to say if that isn't wanted. */
export interface Verdict {
  /** Whether it is met. */
  readonly pass: boolean;
  /** For people: the expectation, what was found, and all that was recorded. */
  readonly message: () => string;
}

/** An expectation of one kind of metric. */
interface Expectation<T> {
  readonly kind: RecordedMetric['kind'];
  /** What the found metrics have together is what is expected. */
  readonly isMet: (found: readonly RecordedMetric[], expected: T) => boolean;
  /** What is wrong if none is found. Counters and timers that nobody recorded have 0. */
  readonly isMetByNone: (expected: T) => boolean;
  /** The expected value in words: `to be 3`. */
  readonly wanted: (expected: T) => string;
  /** What was found, in words. */
  readonly found: (found: readonly RecordedMetric[]) => string;
}

const sum = (found: readonly RecordedMetric[]): number => found.reduce((all, { value }) => all + value, 0);
const durations = (found: readonly RecordedMetric[]): number[] => found.flatMap(({ values }) => values);
const members = (found: readonly RecordedMetric[]): string[] => [
  ...new Set(found.flatMap((metric) => metric.members)),
];

const COUNTED: Expectation<Expected<number>> = {
  kind: 'counter',
  isMet: (found, expected) => fits(expected, sum(found)),
  isMetByNone: (expected) => fits(expected, 0),
  wanted: (expected) => `to be ${show(expected)}`,
  found: (found) => `it is ${sum(found)}`,
};

/** How often, or the durations in ms, in order. */
export type ExpectedDurations = Expected<number> | readonly Expected<number>[];

const TIMED: Expectation<ExpectedDurations> = {
  kind: 'timer',
  isMet(found, expected) {
    const values = durations(found);
    if (!Array.isArray(expected)) return fits(expected as Expected<number>, values.length);
    return (
      expected.length === values.length &&
      expected.every((one: Expected<number>, at) => fits(one, values[at]!))
    );
  },
  isMetByNone: (expected) =>
    Array.isArray(expected) ? expected.length === 0 : fits(expected as Expected<number>, 0),
  wanted: (expected) =>
    Array.isArray(expected)
      ? `to have the durations ${show(expected)} ms`
      : `to have ${show(expected)} durations`,
  found: (found) => `it has ${durationsText(durations(found))}`,
};

const GAUGED: Expectation<Expected<number>> = {
  kind: 'gauge',
  isMet: (found, expected) => found.some(({ value }) => fits(expected, value)),
  isMetByNone: () => false,
  wanted: (expected) => `to be ${show(expected)}`,
  found: (found) => `it is ${found.map(({ value }) => value).join(' and ')}`,
};

/** A member, or all of them in any order. */
export type ExpectedMembers = Expected<string> | number | readonly (string | number)[];

const ADDED: Expectation<ExpectedMembers> = {
  kind: 'set',
  isMet(found, expected) {
    const all = members(found);
    if (Array.isArray(expected)) {
      const wanted = new Set(expected.map(String));
      return wanted.size === all.length && all.every((member) => wanted.has(member));
    }
    const one = (typeof expected === 'number' ? String(expected) : expected) as Expected<string>;
    return all.some((member) => fits(one, member));
  },
  isMetByNone: (expected) => Array.isArray(expected) && expected.length === 0,
  wanted: (expected) =>
    Array.isArray(expected)
      ? `to have the members ${show(expected)} and no other`
      : `to have the member ${show(expected)}`,
  found: (found) => `it has ${members(found).join(', ')}`,
};

/** Decides on what a client has recorded. @param args - The name; then an expected value, tags, or both. */
function judge<T>(
  { kind, isMet, isMetByNone, wanted, found: foundText }: Expectation<T>,
  client: unknown,
  [name, first, second]: readonly unknown[],
): Verdict {
  if (typeof name !== 'string')
    throw new TypeError(`the name of a metric is expected, not ${describe(name)}`);
  const isTags = typeof first === 'object' && first !== null && !Array.isArray(first) && !isAsymmetric(first);
  const expected = isTags ? undefined : (first as T | undefined);
  const tags = ((isTags ? first : second) ?? {}) as ExpectedTags;
  const all = recordingOf(client).metrics();
  const found = all.filter((metric) => metric.kind === kind && isMeant(metric, name, tags));
  const isFound = found.length > 0;
  const pass = expected === undefined ? isFound : isFound ? isMet(found, expected) : isMetByNone(expected);
  const message = (): string => {
    const what = `${kind} ${name}${showTags(tags)} ${pass ? 'not ' : ''}${expected === undefined ? 'to be recorded' : wanted(expected)}`;
    const but = isFound ? foundText(found) : 'it was not recorded';
    return `expected ${what}, but ${but}\n\n${listOf(all, name)}`;
  };
  return { pass, message };
}

/** Decides whether a client has recorded nothing at all. */
function judgeNothing(client: unknown): Verdict {
  const all = recordingOf(client).metrics();
  const pass = all.length === 0;
  return {
    pass,
    message: () => `expected ${pass ? 'something' : 'nothing'} to be recorded\n\n${listOf(all, '')}`,
  };
}

/** Decides on an expectation. @param args - The arguments of `expect(client).toHave…`. */
export type Decide = (client: unknown, ...args: readonly unknown[]) => Verdict;

export const decideCounted: Decide = (client, ...args) => judge(COUNTED, client, args);
export const decideTimed: Decide = (client, ...args) => judge(TIMED, client, args);
export const decideGauged: Decide = (client, ...args) => judge(GAUGED, client, args);
export const decideAdded: Decide = (client, ...args) => judge(ADDED, client, args);
export const decideNothing: Decide = judgeNothing;

const MAX_LINES = 50;
const MAX_VALUES = 10;

/** All that was recorded, a metric a line, those of the expected name first. */
function listOf(metrics: readonly RecordedMetric[], name: string): string {
  if (metrics.length === 0) return 'Nothing was recorded.';
  const first = metrics.filter((metric) => metric.name === name);
  const lines = [...first, ...metrics.filter((metric) => metric.name !== name)].map(lineOf);
  const left = lines.length - MAX_LINES;
  const more = left > 0 ? [`  and ${left} more`] : [];
  return ['Recorded:', ...lines.slice(0, MAX_LINES), ...more].join('\n');
}

function lineOf({ kind, name, tags, value, values, members: all }: RecordedMetric): string {
  const what = kind === 'timer' ? durationsText(values) : kind === 'set' ? shortened(all) : String(value);
  return `  ${kind} ${name}${showTags(tags)}: ${what}`;
}

function durationsText(values: readonly number[]): string {
  return `${values.length} ${values.length === 1 ? 'duration' : 'durations'}${values.length === 0 ? '' : ` (${shortened(values)} ms)`}`;
}

function shortened(values: readonly (number | string)[]): string {
  return values.slice(0, MAX_VALUES).join(', ') + (values.length > MAX_VALUES ? ', …' : '');
}
