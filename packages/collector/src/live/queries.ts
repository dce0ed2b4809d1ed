import type { Tag } from '@afstatsd/core';
import { safeName } from '@afstatsd/core/instrument';
import { PrometheusNaming } from '@afstatsd/prometheus/parts';
import type { LiveKind } from './api.js';

/** Part of a metric: the series that have these tags, split by another one. */
export interface Selection {
  readonly kind: LiveKind;
  readonly name: string;
  readonly tags: readonly Tag[];
  readonly by: string | undefined;
}

const PERCENTILES = [0.5, 0.95, 0.99];
/** Over how much time a query looks: four scrapes of the usual 15 s. */
const WINDOW = '1m';

/** The same as a query of Prometheus, for what `--prometheus` serves. */
export function promql({ kind, name, tags, by }: Selection): string[] {
  const naming = new PrometheusNaming();
  const family = naming.family(kind, name);
  const labels = Object.entries(naming.attributes(family, tags));
  const label = by === undefined ? undefined : Object.keys(naming.attributes(family, [[by, 'x']]))[0];
  const selector =
    labels.length === 0
      ? ''
      : `{${labels.map(([key, value]) => `${key}="${promText(String(value))}"`).join(', ')}}`;
  const sum = label === undefined ? 'sum' : `sum by (${label})`;
  switch (kind) {
    case 'counter':
      return [`${sum} (rate(${family}${selector}[${WINDOW}]))`];
    case 'gauge':
    case 'set':
      return [`${sum} (${family}${selector})`];
    case 'timer':
    case 'histogram': {
      const buckets = label === undefined ? 'sum by (le)' : `sum by (le, ${label})`;
      return [
        `${sum} (rate(${family}_count${selector}[${WINDOW}]))`,
        ...PERCENTILES.map(
          (share) =>
            `histogram_quantile(${share}, ${buckets} (rate(${family}_bucket${selector}[${WINDOW}])))`,
        ),
      ];
    }
  }
}

/** The same as targets of Graphite, for what `--graphite` sends with tags. */
export function graphite({ kind, name, tags, by }: Selection): string[] {
  const type = kind === 'histogram' ? 'timer' : kind;
  const path = `${type}s.${safeName(name)}`;
  const target = (statistic: string, merge: string): string => {
    const found = [
      `'name=${path}${statistic}'`,
      ...tags.map(([key, value]) => `'${graphiteKey(key)}=${safeName(value) || '_'}'`),
    ];
    const series = `seriesByTag(${found.join(', ')})`;
    return by === undefined
      ? `${merge}Series(${series})`
      : `groupByTags(${series}, '${merge}', '${graphiteKey(by)}')`;
  };
  switch (kind) {
    case 'counter':
      return [target('.rate', 'sum')];
    case 'gauge':
      return [target('', 'sum')];
    case 'set':
      return [target('.count', 'sum')];
    case 'timer':
    case 'histogram':
      // Graphite has no percentile of all; of those that each series has, the largest is the safe one.
      return [
        target('.count_ps', 'sum'),
        target('.median', 'max'),
        target('.upper_95', 'max'),
        target('.upper_99', 'max'),
      ];
  }
}

function graphiteKey(key: string): string {
  const safe = safeName(key) || '_';
  return safe === 'name' ? 'tag_name' : safe;
}

/** Text between the quotes of PromQL. */
function promText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
