import type { AggregateView, Decoded, Tag } from '@afstatsd/core';
import { formatSum } from '@afstatsd/core/instrument';
import { type NameRules, allTags, renamed, renamedTags, sortedTags } from './names.js';
import type { Period } from './periods.js';
import { timerStatistics } from './statistics.js';

export interface InfluxOptions {
  /** Percentiles of timers, from 0 to 100. */
  readonly percentiles: readonly number[];
  readonly globalTags: readonly Tag[];
}

/** The tag with the kind of the metric, as in Telegraf's lines. With it, metrics of two kinds can have the same name. */
const KIND_KEY = 'metric_type';
const KINDS = { counter: 'counter', gauge: 'gauge', timer: 'timing', set: 'set' } as const;
/** Keys that InfluxDB refuses or keeps for itself. */
const RESERVED_KEYS: ReadonlySet<string> = new Set([KIND_KEY, 'time', '_field', '_measurement']);

/** Text without backslashes. They are replaced, because stores differ about a backslash before another one, or at the end. */
const text = (raw: string): string => raw.replaceAll('\\', '_') || '_';

const RULES: NameRules = {
  // The name doesn't begin with #, because such a line is a comment.
  name: (name) => text(name).replace(/^#/, '_'),
  key: (key) => (RESERVED_KEYS.has(key) ? `tag_${key}` : text(key)),
  value: text,
};

/** Writes lines of InfluxDB's protocol, with the tags and fields of Telegraf's `statsd` input. All fields are floats. */
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
      // A sum of the largest numbers may be infinite. It is left out, because a store would refuse the whole batch for it.
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

/** Text with a backslash before each comma, blank and equals sign. */
function escaped(raw: string): string {
  return raw.replaceAll(/[,= ]/g, '\\$&');
}
