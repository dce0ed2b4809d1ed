import type { StatsdClient, Tags } from '../index.js';
import { describe, describeReturned, ignoreRejection, isTagValue, isTagsObject } from '../instrument.js';

/**
 * The answer of a callback that decides something. Only `true` is a yes. Other truthy values are a no, with one warning, because
 * people could mean them as a yes.
 *
 * @param option - the callback's name, for people.
 * @param answer - what it returned.
 */
export function isYes(statsd: StatsdClient, option: string, answer: unknown): boolean {
  if (answer === true) return true;
  if (answer) {
    ignoreRejection(answer);
    statsd.warnOnce(
      `http ${option} returned`,
      () => `HTTP option ${option} must return true or false; it returned ${describeReturned(answer)}`,
    );
  }
  return false;
}

/**
 * Reads the tags that a callback has returned. A tag that throws when it is read, or whose value is invalid, is left out with one
 * warning.
 *
 * @param option - the callback's name, for people.
 * @throws Error that a Proxy as the object throws.
 */
export function readTags(statsd: StatsdClient, option: string, given: unknown): Tags | undefined {
  if (given === undefined || given === null) return undefined;
  if (!isTagsObject(given)) {
    ignoreRejection(given);
    statsd.warnOnce(
      `http ${option} returned`,
      () => `HTTP option ${option} must return an object of tags; it returned ${describeReturned(given)}`,
    );
    return undefined;
  }
  // It has no prototype, because `__proto__` is a key like any other.
  const tags = Object.create(null) as Record<string, Tags[string]>;
  for (const key of Object.keys(given)) {
    try {
      const value: unknown = given[key];
      if (value === undefined || value === null) continue;
      if (key !== '' && isTagValue(value)) tags[key] = value;
      else {
        ignoreRejection(value);
        leftOut(statsd, option, key, () => `is ${describeReturned(value)}`);
      }
    } catch (error) {
      leftOut(statsd, option, key, () => `threw ${describe(String(error))}`);
    }
  }
  return tags;
}

function leftOut(statsd: StatsdClient, option: string, key: string, why: () => string): void {
  statsd.warnOnce(
    `http tag of ${option}`,
    () =>
      `HTTP option ${option}: a tag is a string, number or boolean with a key, but ${describe(key)} ${why()}; requests are recorded without it`,
  );
}
