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

/** What `expect(statsd).to.have` offers with chai. Tags are those that a metric has at least. */
export interface StatsdAssertions<R> {
  /** A counter was recorded. */
  counted(name: string, tags?: ExpectedTags): R;
  /** The sum of all counters of this name and these tags. */
  counted(name: string, sum: Expected<number>, tags?: ExpectedTags): R;
  /** A timer was recorded. */
  timed(name: string, tags?: ExpectedTags): R;
  /** How many durations were recorded, or which, in ms and in order. */
  timed(name: string, durations: ExpectedDurations, tags?: ExpectedTags): R;
  /** A gauge was set, or read. */
  gauged(name: string, tags?: ExpectedTags): R;
  /** The last value of a gauge. */
  gauged(name: string, value: Expected<number>, tags?: ExpectedTags): R;
  /** A member was added to a set. */
  addedToSet(name: string, tags?: ExpectedTags): R;
  /** A member of a set, or an array of all of them in any order. */
  addedToSet(name: string, members: ExpectedMembers, tags?: ExpectedTags): R;
  /** Nothing was recorded at all. */
  recordedNothing(): R;
}

/** An assertion of chai under way. */
interface Assertion {
  readonly _obj: unknown;
  assert(pass: boolean, message: () => string, negated: () => string): void;
}

/** The part of chai that a plugin gets. */
interface Chai {
  readonly Assertion: {
    addMethod(name: string, method: (this: Assertion, metric: string, ...rest: unknown[]) => void): void;
  };
}

/**
 * For `chai.use(statsdAssertions)`.
 *
 * @example
 * ```js norun
 * import { statsdAssertions } from '@afstatsd/core/testing';
 * import { expect, use } from 'chai';
 * use(statsdAssertions);
 * expect(statsd).to.have.counted('orders', 3, { method: 'card' });
 * ```
 */
export function statsdAssertions(chai: Chai): void {
  const add = (
    name: keyof StatsdAssertions<void>,
    decide: (client: unknown, name: string, ...rest: never) => Verdict,
  ): void => {
    function method(this: Assertion, metric: string, ...rest: unknown[]): void {
      const { pass, message } = decide(this._obj, metric, ...(rest as never));
      // Chai replaces what looks like its own placeholders.
      const text = (): string => message().replaceAll('#{', '# {');
      this.assert(pass, text, text);
    }
    chai.Assertion.addMethod(name, method);
  };
  add('counted', (client, name, ...rest: never) => judge(client, COUNTED, name, rest));
  add('timed', (client, name, ...rest: never) => judge(client, TIMED, name, rest));
  add('gauged', (client, name, ...rest: never) => judge(client, GAUGED, name, rest));
  add('addedToSet', (client, name, ...rest: never) => judge(client, ADDED, name, rest));
  add('recordedNothing', (client) => judgeNothing(client));
}
