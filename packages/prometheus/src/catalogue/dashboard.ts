import type { Catalogue } from '@afstatsd/core/catalogue';
import { type Exposed, type ExposedOptions, exposedIn } from './exposed.js';
import { type Panel, panelsOf } from './panels.js';

/** Options of {@link catalogueDashboard}. */
export interface DashboardOptions extends ExposedOptions {
  /** The title of the dashboard. Default `Metrics`. */
  readonly title?: string;
  /** Grafana's id of the dashboard: at most 40 letters, digits, `-` and `_`. Default: made of the title. */
  readonly uid?: string;
}

const DATA_SOURCE = { type: 'prometheus', uid: '${datasource}' };
/** The size of a panel. Two panels fill a row, because Grafana's grid has 24 columns. */
const WIDTH = 12;
const HEIGHT = 8;
const MAX_UID = 40;

/**
 * A dashboard for Grafana with panels for each metric of a catalogue, to be imported or provisioned. Its queries are for a
 * Prometheus that scrapes the collector, or the page of an app.
 *
 * @param catalogue - The result of `defineMetrics`.
 * @param options - The title, the id, and the prefixes of names.
 * @returns The dashboard, to be written as JSON.
 * @example
 * ```js
 * const { writeFileSync } = require('node:fs');
 * const { defineMetrics } = require('@afstatsd/core/catalogue');
 * const { catalogueDashboard } = require('@afstatsd/prometheus/catalogue');
 * const catalogue = defineMetrics({ 'orders.placed': { kind: 'counter', help: 'Orders that were placed.' } });
 * writeFileSync('/dev/null', JSON.stringify(catalogueDashboard(catalogue, { title: 'Shop' }), null, 2));
 * ```
 */
export function catalogueDashboard(
  catalogue: Catalogue,
  options: DashboardOptions = {},
): Readonly<Record<string, unknown>> {
  const { title = 'Metrics' } = options;
  const metrics = exposedIn(catalogue, options);
  const families = metrics.flatMap(({ kind, family }) =>
    kind === 'timer' || kind === 'histogram' ? [`${family}_count`] : [family],
  );
  const services = `label_values({__name__=~"${families.join('|')}"}, service)`;
  return {
    title,
    uid: options.uid ?? uidOf(title),
    tags: ['afstatsd'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
        {
          name: 'service',
          label: 'Service',
          type: 'query',
          datasource: DATA_SOURCE,
          query: { query: services, refId: 'service' },
          definition: services,
          refresh: 2,
          sort: 1,
          multi: true,
          includeAll: true,
          allValue: '.*',
          current: { text: 'All', value: '$__all' },
        },
      ],
    },
    annotations: { list: [] },
    panels: laidOut(metrics),
  };
}

/** Panels from the top down, two beside each other. If names have several first segments, each segment has a row of its own. */
function laidOut(metrics: readonly Exposed[]): object[] {
  const groups = new Map<string, Exposed[]>();
  for (const metric of metrics) groups.set(metric.group, [...(groups.get(metric.group) ?? []), metric]);
  const panels: object[] = [];
  let y = 0;
  const id = (): number => panels.length + 1;
  for (const [group, members] of groups) {
    if (groups.size > 1) {
      const gridPos = { h: 1, w: 2 * WIDTH, x: 0, y: y++ };
      panels.push({ id: id(), type: 'row', title: group, collapsed: false, gridPos, panels: [] });
    }
    const shown = members.flatMap(panelsOf);
    for (const [at, panel] of shown.entries()) {
      const gridPos = { h: HEIGHT, w: WIDTH, x: (at % 2) * WIDTH, y: y + Math.floor(at / 2) * HEIGHT };
      panels.push(grafanaPanel(id(), panel, gridPos));
    }
    y += Math.ceil(shown.length / 2) * HEIGHT;
  }
  return panels;
}

function grafanaPanel(id: number, { title, description, unit, targets }: Panel, gridPos: object): object {
  return {
    id,
    type: 'timeseries',
    title,
    description,
    datasource: DATA_SOURCE,
    gridPos,
    fieldConfig: { defaults: { unit, custom: { fillOpacity: 10, showPoints: 'auto' } }, overrides: [] },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
    targets: targets.map((target, at) => ({
      refId: String.fromCodePoint(65 + at),
      datasource: DATA_SOURCE,
      ...target,
    })),
  };
}

function uidOf(title: string): string {
  const text = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return `afstatsd-${text}`.slice(0, MAX_UID).replace(/-$/, '');
}
