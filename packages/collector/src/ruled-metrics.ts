import type { Decoded, Rule, Tag } from '@afstatsd/core';
import { Rules, canonicalTags, cleanName, identify } from '@afstatsd/core/instrument';

/** Names with their tags that are remembered. With one more, all are forgotten. */
const MOST_KNOWN = 100_000;

/** The name and the tags that a metric has by the rules. */
interface Ruled {
  readonly name: string;
  readonly tags: readonly Tag[];
}

/** Applies rules to metrics that come in. They are asked once for each name with its tags. */
export class RuledMetrics {
  readonly #rules: Rules;
  /** Undefined for a metric that is denied. */
  readonly #known = new Map<string, Ruled | 'same' | undefined>();

  /** @throws TypeError for a rule that can't be used. */
  constructor(rules: readonly Rule[]) {
    this.#rules = new Rules(rules);
  }

  /** Whether any rule changes what a metric is. */
  get haveChanges(): boolean {
    return this.#rules.haveChanges;
  }

  /** The metric by the rules; undefined if it is denied. */
  apply(metric: Decoded): Decoded | undefined {
    const { type, name, tags } = metric;
    const key = `${type}\0${name}\0${tags?.join('\0') ?? ''}`;
    let ruled = this.#known.get(key);
    if (ruled === undefined) {
      if (this.#known.has(key)) return undefined;
      ruled = this.#ask(type, name, tags);
      if (this.#known.size >= MOST_KNOWN) this.#known.clear();
      this.#known.set(key, ruled);
      if (ruled === undefined) return undefined;
    }
    return ruled === 'same' ? metric : { ...metric, ...ruled };
  }

  #ask(type: string, name: string, tags: readonly Tag[] = []): Ruled | 'same' | undefined {
    // Without a prototype, so that a tag named __proto__ is one like any other.
    const object = Object.create(null) as Record<string, string>;
    for (const [key, value] of tags) object[key === '' ? '_' : key] = value;
    const identity = identify(cleanName(name), canonicalTags(object));
    const ruled = this.#rules.apply(type, identity);
    if (ruled === undefined) return undefined;
    return ruled === identity ? 'same' : { name: ruled.name, tags: ruled.tags };
  }
}
