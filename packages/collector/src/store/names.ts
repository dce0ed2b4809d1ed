import type { Decoded, Tag } from '@afstatsd/core';

/** The rules by which a store writes a metric's name and tags. */
export interface NameRules {
  readonly name: (name: string) => string;
  readonly key: (key: string) => string;
  readonly value: (value: string) => string;
}

/** A metric whose name and tags follow the rules. Most metrics do already, and are returned unchanged. */
export function renamed(metric: Decoded, rules: NameRules): Decoded {
  const name = rules.name(metric.name);
  const tags = metric.tags && renamedTags(metric.tags, rules);
  if (name === metric.name && tags === metric.tags) return metric;
  return { ...metric, name, ...(tags && { tags }) };
}

/** Tags that follow the rules. */
export function renamedTags(tags: readonly Tag[], { key, value }: NameRules): readonly Tag[] {
  const isRight = tags.every((tag) => key(tag[0]) === tag[0] && value(tag[1]) === tag[1]);
  return isRight ? tags : tags.map((tag) => [key(tag[0]), value(tag[1])] as const);
}

/** A metric's tags and the global tags whose keys it doesn't have, sorted by key. */
export function allTags(tags: readonly Tag[], global: readonly Tag[]): readonly Tag[] {
  if (global.length === 0) return tags;
  if (tags.length === 0) return global;
  return sortedTags([...tags, ...global.filter(([key]) => !tags.some(([own]) => own === key))]);
}

/** A sorted copy of the tags, by key. */
export function sortedTags(tags: readonly Tag[]): Tag[] {
  return [...tags].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
