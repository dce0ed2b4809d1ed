import type { Decoded, Tag } from '@afstatsd/core';

/** How a store writes the parts of a metric's identity. */
export interface NameRules {
  readonly name: (name: string) => string;
  readonly key: (key: string) => string;
  readonly value: (value: string) => string;
}

/** A metric whose name and tags follow the rules. Mostly they do already, and the metric is returned as it is. */
export function renamed(metric: Decoded, rules: NameRules): Decoded {
  const name = rules.name(metric.name);
  const tags = metric.tags && renamedTags(metric.tags, rules);
  if (name === metric.name && tags === metric.tags) return metric;
  return { ...metric, name, ...(tags && { tags }) };
}

/** The same for tags alone. */
export function renamedTags(tags: readonly Tag[], { key, value }: NameRules): readonly Tag[] {
  const isRight = tags.every((tag) => key(tag[0]) === tag[0] && value(tag[1]) === tag[1]);
  return isRight ? tags : tags.map((tag) => [key(tag[0]), value(tag[1])] as const);
}

/** A metric's tags, and those of all whose keys it doesn't have, sorted by their keys. */
export function allTags(tags: readonly Tag[], global: readonly Tag[]): readonly Tag[] {
  if (global.length === 0) return tags;
  if (tags.length === 0) return global;
  return sortedTags([...tags, ...global.filter(([key]) => !tags.some(([own]) => own === key))]);
}

/** A list of its own, sorted by the keys. */
export function sortedTags(tags: readonly Tag[]): Tag[] {
  return [...tags].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
