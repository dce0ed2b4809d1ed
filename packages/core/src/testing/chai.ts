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

/** What `expect(statsd).to.have` offers with chai. Tags are those that a metric has at least. */
export interface StatsdAssertions<R> {
  /**
   * A counter was recorded.
   *
   * @param name - With the prefixes of client and child.
   * @param tags - Tags that they have at least. Default: any.
   */
  counted(name: string, tags?: ExpectedTags): R;
  /**
   * Counters have this sum.
   *
   * @param name - With the prefixes of client and child.
   * @param sum - Of all that have the name and the tags.
   * @param tags - Tags that they have at least. Default: any.
   */
  counted(name: string, sum: Expected<number>, tags?: ExpectedTags): R;
  /**
   * A timer was recorded.
   *
   * @param name - With the prefixes of client and child.
   * @param tags - Tags that they have at least. Default: any.
   */
  timed(name: string, tags?: ExpectedTags): R;
  /**
   * Timers have these durations.
   *
   * @param name - With the prefixes of client and child.
   * @param durations - How many, or an array of exactly these, in ms and in order.
   * @param tags - Tags that they have at least. Default: any.
   */
  timed(name: string, durations: ExpectedDurations, tags?: ExpectedTags): R;
  /**
   * A gauge was set, or read from its callback.
   *
   * @param name - With the prefixes of client and child.
   * @param tags - Tags that they have at least. Default: any.
   */
  gauged(name: string, tags?: ExpectedTags): R;
  /**
   * A gauge has this value.
   *
   * @param name - With the prefixes of client and child.
   * @param value - The last one.
   * @param tags - Tags that they have at least. Default: any.
   */
  gauged(name: string, value: Expected<number>, tags?: ExpectedTags): R;
  /**
   * A member was added to a set.
   *
   * @param name - With the prefixes of client and child.
   * @param tags - Tags that they have at least. Default: any.
   */
  addedToSet(name: string, tags?: ExpectedTags): R;
  /**
   * A set has these members.
   *
   * @param name - With the prefixes of client and child.
   * @param members - One of them, or an array of exactly these, in any order.
   * @param tags - Tags that they have at least. Default: any.
   */
  addedToSet(name: string, members: ExpectedMembers, tags?: ExpectedTags): R;
  /** Nothing was recorded at all. */
  recordedNothing(): R;
  /**
   * All that was recorded is in a catalogue: name, kind, tags and their values. The client's own prefix and tags aren't looked at.
   *
   * @param catalogue - Of `defineMetrics`.
   * @param options - Metrics that may be recorded beside it.
   */
  recordedOnly(catalogue: CatalogueOfMetrics, options?: ExceptOptions): R;
}

/** An assertion of chai under way. */
interface Assertion {
  readonly _obj: unknown;
  assert(pass: boolean, message: () => string, negated: () => string): void;
}

/** The part of chai that a plugin gets. */
interface Chai {
  readonly Assertion: {
    addMethod(name: string, method: (this: Assertion, ...args: unknown[]) => void): void;
  };
}

/**
 * For `chai.use(statsdAssertions)`.
 *
 * @example
 * ```js
 * import { createRecordingClient, statsdAssertions } from '@afstatsd/core/testing';
 * import { expect, use } from 'chai';
 * use(statsdAssertions);
 * const statsd = createRecordingClient();
 * statsd.updateStats('orders', 3, { tags: { method: 'card' } });
 * expect(statsd).to.have.counted('orders', 3, { method: 'card' });
 * ```
 */
export function statsdAssertions(chai: Chai): void {
  const add = (name: keyof StatsdAssertions<void>, decide: Decide): void => {
    function method(this: Assertion, ...args: unknown[]): void {
      const { pass, message } = decide(this._obj, ...args);
      // Chai replaces what looks like its own placeholders.
      const text = (): string => message().replaceAll('#{', '# {');
      this.assert(pass, text, text);
    }
    chai.Assertion.addMethod(name, method);
  };
  add('counted', decideCounted);
  add('timed', decideTimed);
  add('gauged', decideGauged);
  add('addedToSet', decideAdded);
  add('recordedNothing', decideNothing);
  add('recordedOnly', decideOnly);
}
