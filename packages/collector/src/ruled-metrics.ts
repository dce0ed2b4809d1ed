import type { Decoded, Rule, Tag } from '@afstatsd/core';
import { Rules, canonicalTags, cleanName, identify } from '@afstatsd/core/instrument';

/** The most metrics whose result is remembered. A full map is cleared. */
const MOST_KNOWN = 100_000;

/** The name and the tags of a metric after the rules. */
interface Ruled {
  readonly name: string;
  readonly tags: readonly Tag[];
}

/** Applies rules to incoming metrics. Results are remembered, so the rules run once for each kind, name and tags. */
export class RuledMetrics {
  readonly #rules: Rules;
  /** The remembered results: `same` if the rules change nothing, and undefined if they deny the metric. */
  readonly #known = new Map<string, Ruled | 'same' | undefined>();

  /** @throws TypeError for a rule that can't be used. */
  constructor(rules: readonly Rule[]) {
    this.#rules = new Rules(rules);
  }

  /** Whether any rule can change a metric's name or tags, or deny it. */
  get haveChanges(): boolean {
    return this.#rules.haveChanges;
  }

  /** The metric after the rules. Undefined if a rule denies it. */
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
    // The object has no prototype, so that `__proto__` is a tag like any other.
    const object = Object.create(null) as Record<string, string>;
    for (const [key, value] of tags) object[key === '' ? '_' : key] = value;
    const identity = identify(cleanName(name), canonicalTags(object));
    const ruled = this.#rules.apply(type, identity);
    if (ruled === undefined) return undefined;
    return ruled === identity ? 'same' : { name: ruled.name, tags: ruled.tags };
  }
}
