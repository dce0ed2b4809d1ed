import type { Exposed } from './exposed.js';

/** A query of a panel. */
interface Target {
  readonly expr: string;
  readonly legendFormat: string;
  /** Whether Grafana asks for exemplars as well. */
  readonly exemplar?: boolean;
}

/** A panel of a metric. */
export interface Panel {
  readonly title: string;
  readonly description: string;
  /** The unit, by Grafana's name of it. */
  readonly unit: string;
  readonly targets: readonly Target[];
}

/** Selects the series of the services that are chosen on the dashboard. */
const CHOSEN = '{service=~"$service"}';
const RANGE = '[$__rate_interval]';
const QUANTILES = [
  [0.5, 'median'],
  [0.95, '95 %'],
  [0.99, '99 %'],
] as const;
/** The most tags by which a panel splits its series. */
const MAX_SPLITS = 3;

/** The panels of a metric. Timers and histograms have a panel of their rate, and one of their values. */
export function panelsOf(metric: Exposed): Panel[] {
  const { name, family, definition } = metric;
  const common = { title: name, description: definition.help };
  switch (metric.kind) {
    case 'counter':
    case 'decrements':
      return [{ ...common, unit: perSecond(definition.unit), targets: [rateOf(metric, family)] }];
    case 'gauge':
    case 'set':
      return [
        { ...common, unit: unitOf(definition.unit), targets: [{ expr: family + CHOSEN, legendFormat: '' }] },
      ];
    case 'timer':
    case 'histogram': {
      const unit =
        metric.kind === 'timer' ? 's' : unitOf(definition.unit ?? (/bytes/.test(name) ? 'bytes' : ''));
      const targets = QUANTILES.map(([quantile, legendFormat]) => ({
        expr: `histogram_quantile(${quantile}, sum by (le) (rate(${family}_bucket${CHOSEN}${RANGE})))`,
        legendFormat,
        exemplar: true,
      }));
      return [
        { ...common, unit, targets },
        { ...common, title: `${name}: how often`, unit: 'cps', targets: [rateOf(metric, `${family}_count`)] },
      ];
    }
  }
}

/** The query for events per second, split by the tags whose values the catalogue lists, because these are few. */
function rateOf({ tags }: Exposed, series: string): Target {
  const labels = tags
    .filter(({ values }) => values === 'boolean' || typeof values !== 'string')
    .slice(0, MAX_SPLITS)
    .map(({ label }) => label);
  const by = labels.length === 0 ? '' : ` by (${labels.join(', ')})`;
  return {
    expr: `sum${by} (rate(${series}${CHOSEN}${RANGE}))`,
    legendFormat: labels.map((label) => `{{${label}}}`).join(' '),
  };
}

/** Grafana's names of units. */
const UNITS: Readonly<Record<string, string>> = {
  bytes: 'bytes',
  seconds: 's',
  milliseconds: 'ms',
  microseconds: 'µs',
  percent: 'percent',
  ratio: 'percentunit',
  celsius: 'celsius',
};

function unitOf(unit = ''): string {
  return UNITS[unit] ?? (unit === '' ? 'short' : `suffix: ${unit.replaceAll('_', ' ')}`);
}

function perSecond(unit = ''): string {
  if (unit === 'bytes') return 'Bps';
  return unit === '' ? 'cps' : `suffix: ${unit.replaceAll('_', ' ')}/s`;
}
