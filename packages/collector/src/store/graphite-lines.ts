import { createHash } from 'node:crypto';
import type { AggregateView, Decoded, Tag } from '@afstatsd/core';
import { foldedName, formatSum, safeName } from '@afstatsd/core/instrument';
import { type NameRules, allTags, renamed, renamedTags, sortedTags } from './names.js';
import type { Period } from './periods.js';
import { timerStatistics } from './statistics.js';

/** The longest segment of a path, in bytes. Carbon makes a file of that name with `.wsp`, and 255 bytes are the limit. */
const MAX_SEGMENT = 251;
const HASH_DIGITS = 8;

export interface GraphiteOptions {
  /** The prefix of every name. Empty for none. */
  readonly prefix: string;
  /** `keep` writes tags as tags. `fold` writes their values as further segments of the name. */
  readonly tags: 'keep' | 'fold';
  /** Percentiles of timers, from 0 to 100. */
  readonly percentiles: readonly number[];
  readonly globalTags: readonly Tag[];
}

const RULES: NameRules = {
  name: (name) => pathOf(safeName(name)),
  key: keyOf,
  value: (value) => safeName(value) || '_',
};

/** Lines of carbon's plaintext protocol, with the names that etsy's `statsd` gives. */
export class GraphiteLines {
  readonly #prefix: string;
  readonly #folds: boolean;
  readonly #percentiles: readonly number[];
  /** The names of the percentiles' statistics. */
  readonly #uppers: readonly string[];
  readonly #globalTags: readonly Tag[];

  constructor({ prefix, tags, percentiles, globalTags }: GraphiteOptions) {
    this.#prefix = prefix === '' ? '' : `${RULES.name(prefix)}.`;
    this.#folds = tags === 'fold';
    this.#percentiles = percentiles;
    this.#uppers = percentiles.map((percent) => `upper_${String(percent).replace('.', '_')}`);
    this.#globalTags = this.#folds ? [] : sortedTags(renamedTags(globalTags, RULES));
  }

  readonly normalise = (metric: Decoded): Decoded => {
    if (!this.#folds || metric.tags === undefined) return renamed(metric, RULES);
    const { tags, ...rest } = metric;
    const folded = foldedName({ name: metric.name, tags: sortedTags(tags) }, { prefix: '', tags: [] });
    return { ...rest, name: RULES.name(folded) };
  };

  readonly write = (metric: AggregateView, { time, seconds }: Period): string => {
    const tags = allTags(metric.tags, this.#globalTags);
    const tagText = tags.map(([key, value]) => `;${key}=${value}`).join('');
    const path = `${this.#prefix}${metric.kind}s.${metric.name}`;
    // A sum of the largest numbers may be infinite, and is left out.
    const line = (statistic: string, value: number): string =>
      Number.isFinite(value) ? `${path}${statistic}${tagText} ${formatSum(value)} ${time}\n` : '';
    switch (metric.kind) {
      case 'counter':
        return line('.count', metric.value) + line('.rate', metric.value / seconds);
      case 'gauge':
        return line('', metric.value);
      case 'set':
        return line('.count', metric.members.length);
      case 'timer': {
        const { count, percentiles, ...rest } = timerStatistics(metric, this.#percentiles);
        let text = line('.count', count) + line('.count_ps', count / seconds);
        for (const [name, value] of Object.entries(rest)) text += line(`.${name}`, value);
        for (const [at, value] of percentiles.entries()) text += line(`.${this.#uppers[at]!}`, value);
        return text;
      }
    }
  };
}

/** The path of a name. Its segments aren't empty, and aren't longer than the name of a file can be. */
function pathOf(name: string): string {
  const hasEmpty = name === '' || name.startsWith('.') || name.endsWith('.') || name.includes('..');
  if (!hasEmpty && name.length <= MAX_SEGMENT) return name;
  const segments = name.split('.').filter((segment) => segment !== '');
  return segments.map(shortened).join('.') || '_';
}

/** A segment, cut if it is too long. A hash of the whole replaces its end. All characters are ASCII, so characters are bytes. */
function shortened(segment: string): string {
  if (segment.length <= MAX_SEGMENT) return segment;
  const hash = createHash('sha256').update(segment).digest('hex').slice(0, HASH_DIGITS);
  return `${segment.slice(0, MAX_SEGMENT - HASH_DIGITS - 1)}_${hash}`;
}

/** A valid key of a tag. Carbon drops a series with the key `name`, because the path has that key. */
function keyOf(key: string): string {
  const safe = safeName(key) || '_';
  return safe === 'name' ? 'tag_name' : safe;
}
