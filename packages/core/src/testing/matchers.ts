import { type CatalogueOfMetrics, type ExceptOptions, decideOnly } from './catalogued.js';
import type { Expected, ExpectedTags } from './expected.js';
import {
  type Decide,
  type ExpectedDurations,
  type ExpectedMembers,
  decideAdded,
  decideCounted,
  decideGauged,
  decideNothing,
  decideTimed,
} from './verdict.js';

/** What `expect(statsd)` offers in Jest and Vitest. Tags are those that a metric has at least. */
export interface StatsdMatchers<R = void> {
  /**
   * A counter was recorded.
   *
   * @param name - With the prefixes of client and child.
   * @param tags - Tags that they have at least. Default: any.
   */
  toHaveCounted(name: string, tags?: ExpectedTags): R;
  /**
   * Counters have this sum.
   *
   * @param name - With the prefixes of client and child.
   * @param sum - Of all that have the name and the tags.
   * @param tags - Tags that they have at least. Default: any.
   */
  toHaveCounted(name: string, sum: Expected<number>, tags?: ExpectedTags): R;
  /**
   * A timer was recorded.
   *
   * @param name - With the prefixes of client and child.
   * @param tags - Tags that they have at least. Default: any.
   */
  toHaveTimed(name: string, tags?: ExpectedTags): R;
  /**
   * Timers have these durations.
   *
   * @param name - With the prefixes of client and child.
   * @param durations - How many, or an array of exactly these, in ms and in order.
   * @param tags - Tags that they have at least. Default: any.
   */
  toHaveTimed(name: string, durations: ExpectedDurations, tags?: ExpectedTags): R;
  /**
   * A gauge was set, or read from its callback.
   *
   * @param name - With the prefixes of client and child.
   * @param tags - Tags that they have at least. Default: any.
   */
  toHaveGauged(name: string, tags?: ExpectedTags): R;
  /**
   * A gauge has this value.
   *
   * @param name - With the prefixes of client and child.
   * @param value - The last one.
   * @param tags - Tags that they have at least. Default: any.
   */
  toHaveGauged(name: string, value: Expected<number>, tags?: ExpectedTags): R;
  /**
   * A member was added to a set.
   *
   * @param name - With the prefixes of client and child.
   * @param tags - Tags that they have at least. Default: any.
   */
  toHaveAddedToSet(name: string, tags?: ExpectedTags): R;
  /**
   * A set has these members.
   *
   * @param name - With the prefixes of client and child.
   * @param members - One of them, or an array of exactly these, in any order.
   * @param tags - Tags that they have at least. Default: any.
   */
  toHaveAddedToSet(name: string, members: ExpectedMembers, tags?: ExpectedTags): R;
  /** Nothing was recorded at all. */
  toHaveRecordedNothing(): R;
  /**
   * All that was recorded is in a catalogue: name, kind, tags and their values. The client's own prefix and tags aren't looked at.
   *
   * @param catalogue - Of `defineMetrics`.
   * @param options - Metrics that may be recorded beside it.
   */
  toHaveRecordedOnly(catalogue: CatalogueOfMetrics, options?: ExceptOptions): R;
}

/**
 * For `expect.extend(matchers)`, in Jest and Vitest.
 *
 * @example
 * ```js norun it needs a test runner
 * import { matchers } from '@afstatsd/core/testing';
 * import { expect } from 'vitest';
 * expect.extend(matchers);
 * ```
 */
export const matchers: Readonly<Record<keyof StatsdMatchers, Decide>> = {
  toHaveCounted: decideCounted,
  toHaveTimed: decideTimed,
  toHaveGauged: decideGauged,
  toHaveAddedToSet: decideAdded,
  toHaveRecordedNothing: decideNothing,
  toHaveRecordedOnly: decideOnly,
};
