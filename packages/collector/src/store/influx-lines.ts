import type { AggregateView, Decoded, Tag } from '@afstatsd/core';
import { formatSum } from '@afstatsd/core/instrument';
import { type NameRules, allTags, renamed, renamedTags, sortedTags } from './names.js';
import type { Period } from './periods.js';
import { timerStatistics } from './statistics.js';

export interface InfluxOptions {
  /** From 0 to 100. */
  readonly percentiles: readonly number[];
  readonly globalTags: readonly Tag[];
}

/** The tag that says what kind of metric a line is of, as Telegraf has it. So metrics of two kinds can have one name. */
const KIND_KEY = 'metric_type';
const KINDS = { counter: 'counter', gauge: 'gauge', timer: 'timing', set: 'set' } as const;
/** Keys that InfluxDB refuses or keeps for itself. */
const RESERVED_KEYS: ReadonlySet<string> = new Set([KIND_KEY, 'time', '_field', '_measurement']);

/** A backslash before another one, or before the end, is read in different ways by different stores. */
const text = (raw: string): string => raw.replaceAll('\\', '_') || '_';

const RULES: NameRules = {
  // A line that begins with # is a comment.
  name: (name) => text(name).replace(/^#/, '_'),
  key: (key) => (RESERVED_KEYS.has(key) ? `tag_${key}` : text(key)),
  value: text,
};

/** Lines of InfluxDB's protocol, with the tags and fields of Telegraf's `statsd` input. All fields are floats. */
export class InfluxLines {
  readonly #percentiles: readonly number[];
  readonly #globalTags: readonly Tag[];

  constructor({ percentiles, globalTags }: InfluxOptions) {
    this.#percentiles = percentiles;
    this.#globalTags = sortedTags(renamedTags(globalTags, RULES));
  }

  readonly normalise = (metric: Decoded): Decoded => renamed(metric, RULES);

  readonly write = (metric: AggregateView, { time }: Period): string => {
    const tags = allTags(metric.tags, [...this.#globalTags, [KIND_KEY, KINDS[metric.kind]]]);
    const tagText = tags.map(([key, value]) => `,${escaped(key)}=${escaped(value)}`).join('');
    const fields = this.#fields(metric).flatMap(([name, value]) => {
      // A sum of the largest numbers may run over, and a store refuses the whole batch for it.
      return Number.isFinite(value) ? [`${name}=${formatSum(value)}`] : [];
    });
    return fields.length === 0 ? '' : `${escaped(metric.name)}${tagText} ${fields.join(',')} ${time}\n`;
  };

  #fields(metric: AggregateView): [name: string, value: number][] {
    switch (metric.kind) {
      case 'counter':
      case 'gauge':
        return [['value', metric.value]];
      case 'set':
        return [['value', metric.members.length]];
      case 'timer': {
        const { percentiles, std: stddev, ...rest } = timerStatistics(metric, this.#percentiles);
        const fields = Object.entries({ ...rest, stddev });
        for (const [at, value] of percentiles.entries())
          fields.push([`${this.#percentiles[at]!}_percentile`, value]);
        return fields;
      }
    }
  }
}

/** Before a comma, a blank or an equals sign stands a backslash. */
function escaped(raw: string): string {
  return raw.replaceAll(/[,= ]/g, '\\$&');
}
