import { describe } from './describe.js';

/** Tags as a call gives them: `{ method: 'GET', status: 200 }`. A null or undefined value leaves its tag out. */
export type Tags = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** One tag, as it is written: the value is a string. */
export type Tag = readonly [key: string, value: string];

// Control characters, and lone surrogates, which UTF-8 can't carry. All else is the formats' business.
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/gu;

/** What is wrong with a tag, and which. */
export class BadTag extends Error {}

/**
 * Tags in canonical form: sorted by key, values as strings. Two ways of writing the same tags come out equal. Inherited
 * properties are no tags: some library may have added them to all objects.
 *
 * @throws BadTag for an empty key, or a value that is neither string, finite number nor boolean.
 */
export function canonicalTags(tags: Tags): Tag[] {
  const result: [string, string][] = [];
  for (const key of Object.keys(tags)) {
    const value = tags[key];
    if (value === null || value === undefined) continue;
    if (key === '') throw new BadTag(`a tag's key can't be empty; its value is ${describe(value)}`);
    if (!isTagValue(value)) {
      throw new BadTag(`tag ${describe(key)} is a string, number or boolean, not ${describe(value)}`);
    }
    result.push([key.replace(UNPRINTABLE, '_'), String(value).replace(UNPRINTABLE, '_')]);
  }
  return result.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Whether a value can be that of a tag: a string, a finite number or a boolean. */
export function isTagValue(value: unknown): value is string | number | boolean {
  return typeof value === 'number'
    ? Number.isFinite(value)
    : typeof value === 'string' || typeof value === 'boolean';
}

/**
 * Whether something can hold tags as its properties. A Map, a Date and an array can't.
 *
 * @param value - Anything.
 */
export function isTagsObject(value: unknown): value is Tags {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** The tags as they are now, in their order: a getter is read once, and may say something else the next time. */
export function copyTags(tags: Tags): Tags {
  const copy = Object.create(null) as Record<string, Tags[string]>;
  for (const key of Object.keys(tags)) copy[key] = tags[key];
  return copy;
}

/** `tags`, and those of `more` whose keys they don't have yet. */
export function withMoreTags(tags: readonly Tag[], more: readonly Tag[]): readonly Tag[] {
  if (more.length === 0) return tags;
  return tags.length === 0 ? more : [...tags, ...more.filter(([key]) => !tags.some(([own]) => own === key))];
}
