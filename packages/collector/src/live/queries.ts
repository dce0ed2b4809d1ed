import type { Tag } from '@afstatsd/core';
import { safeName } from '@afstatsd/core/instrument';
import { PrometheusNaming } from '@afstatsd/prometheus/parts';
import type { LiveKind } from './api.js';

/** A part of a metric: the series with these tags, split by the values of another tag. */
export interface Selection {
  readonly kind: LiveKind;
  readonly name: string;
  readonly tags: readonly Tag[];
  readonly by: string | undefined;
}

const PERCENTILES = [0.5, 0.95, 0.99];
/** The range of a query: four scrapes at the usual interval of 15 s. */
const WINDOW = '1m';

/** Prometheus' queries for the selection, for the metrics that `--prometheus` serves. */
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

/** Graphite's targets for the selection, for the metrics that `--graphite` sends with tags. */
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
      // Graphite can't compute a percentile of all series. The largest one of the series is shown, because it is never too low.
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
