import { type Decoded, type Tag } from '@afstatsd/core';
import {
  type Identity,
  MAX_NAME_BYTES,
  canonicalTags,
  cleanName,
  identify,
  nameProblem,
} from '@afstatsd/core/instrument';

/**
 * The key of a metric whose tags are in canonical form already, such as those of our clients. It is the same key as core's, but
 * made more quickly. Undefined for other tags.
 */
export function quickKey(name: string, tags: readonly Tag[]): string | undefined {
  let ordered = tags;
  for (let at = 1; at < tags.length; at++) {
    if (tags[at - 1]![0] > tags[at]![0]) {
      ordered = [...tags].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      break;
    }
  }
  let key = name;
  let before: string | undefined;
  for (const [tag, value] of ordered) {
    // A NUL inside a text is refused, because it would look like a separator.
    if (tag === before || tag === '' || tag.includes('\0') || value.includes('\0')) return undefined;
    before = tag;
    key += `\0${tag}\0${value}`;
  }
  return name.includes('\0') ? undefined : key;
}

/** The identity of a metric by core's rules, or the reason for which it has none. */
export function identityOf({ name, tags = [] }: Decoded): Identity | string {
  const problem = nameProblem(name);
  if (problem !== undefined) return problem;
  // The object has no prototype, so that `__proto__` is a tag like any other. The last of several tags with the same key wins.
  const object = Object.create(null) as Record<string, string>;
  for (const [key, value] of tags) object[key === '' ? '_' : key] = value;
  const identity = identify(cleanName(name), canonicalTags(object));
  // The key has a NUL where the message has a separator, so its length is the length on the wire.
  return Buffer.byteLength(identity.key) <= MAX_NAME_BYTES
    ? identity
    : `is longer than ${MAX_NAME_BYTES} bytes with its tags`;
}

/** The name and the tags of a metric, read from its key. */
export function partsOf(key: string): { readonly name: string; readonly tags: readonly Tag[] } {
  const [name = '', ...parts] = key.split('\0');
  const tags: Tag[] = [];
  for (let at = 0; at < parts.length; at += 2) tags.push([parts[at]!, parts[at + 1]!]);
  return { name, tags };
}
