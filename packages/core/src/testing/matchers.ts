import type { Expected, ExpectedTags } from './expected.js';
import {
  ADDED,
  COUNTED,
  type ExpectedDurations,
  type ExpectedMembers,
  GAUGED,
  TIMED,
  type Verdict,
  judge,
  judgeNothing,
} from './verdict.js';

/** What `expect(statsd)` offers in Jest and Vitest. Tags are those that a metric has at least. */
export interface StatsdMatchers<R = void> {
  /** A counter was recorded. */
  toHaveCounted(name: string, tags?: ExpectedTags): R;
  /** The sum of all counters of this name and these tags. */
  toHaveCounted(name: string, sum: Expected<number>, tags?: ExpectedTags): R;
  /** A timer was recorded. */
  toHaveTimed(name: string, tags?: ExpectedTags): R;
  /** How many durations were recorded, or which, in ms and in order. */
  toHaveTimed(name: string, durations: ExpectedDurations, tags?: ExpectedTags): R;
  /** A gauge was set, or read. */
  toHaveGauged(name: string, tags?: ExpectedTags): R;
  /** The last value of a gauge. */
  toHaveGauged(name: string, value: Expected<number>, tags?: ExpectedTags): R;
  /** A member was added to a set. */
  toHaveAddedToSet(name: string, tags?: ExpectedTags): R;
  /** A member of a set, or an array of all of them in any order. */
  toHaveAddedToSet(name: string, members: ExpectedMembers, tags?: ExpectedTags): R;
  /** Nothing was recorded at all. */
  toHaveRecordedNothing(): R;
}

type Matcher = (client: unknown, name: string, ...rest: never) => Verdict;

/**
 * For `expect.extend(matchers)`, in Jest and Vitest.
 *
 * @example
 * ```js norun
 * import { matchers } from '@afstatsd/core/testing';
 * import { expect } from 'vitest';
 * expect.extend(matchers);
 * ```
 */
export const matchers: Readonly<Record<keyof StatsdMatchers, Matcher>> = {
  toHaveCounted: (client, name, ...rest: never) => judge(client, COUNTED, name, rest),
  toHaveTimed: (client, name, ...rest: never) => judge(client, TIMED, name, rest),
  toHaveGauged: (client, name, ...rest: never) => judge(client, GAUGED, name, rest),
  toHaveAddedToSet: (client, name, ...rest: never) => judge(client, ADDED, name, rest),
  toHaveRecordedNothing: (client) => judgeNothing(client),
};
