import { describe } from './describe.js';

/** Tags as a call gives them: `{ method: 'GET', status: 200 }`. A null or undefined value leaves its tag out. */
export type Tags = Readonly<Record<string, string | number | boolean | null | undefined>>;

export type Tag = readonly [key: string, value: string];

// Control characters, and lone surrogates, which UTF-8 can't carry. All else is the formats' business.
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/gu;

/** What is wrong with a tag, and which. */
export class BadTag extends Error {}

/**
 * Tags in canonical form: sorted by key, values as strings. Two ways of writing the same tags come out equal.
 *
 * @throws BadTag for an empty key, or a value that is neither string, finite number nor boolean.
 */
export function canonicalTags(tags: Tags): Tag[] {
  const result: [string, string][] = [];
  for (const [key, value] of Object.entries(tags)) {
    if (value === null || value === undefined) continue;
    if (key === '') throw new BadTag(`a tag's key can't be empty; its value is ${describe(value)}`);
    if (
      typeof value === 'number'
        ? !Number.isFinite(value)
        : typeof value !== 'string' && typeof value !== 'boolean'
    ) {
      throw new BadTag(`tag ${describe(key)} is a string, number or boolean, not ${describe(value)}`);
    }
    result.push([key.replace(UNPRINTABLE, '_'), String(value).replace(UNPRINTABLE, '_')]);
  }
  return result.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** `tags`, and those of `more` whose keys they don't have yet. */
export function withMoreTags(tags: readonly Tag[], more: readonly Tag[]): readonly Tag[] {
  if (more.length === 0) return tags;
  return tags.length === 0 ? more : [...tags, ...more.filter(([key]) => !tags.some(([own]) => own === key))];
}
