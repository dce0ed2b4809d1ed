import type { Value } from '../src/live/api.js';
import type { Metric, Model } from './model.js';

/** What is said of HTTP requests, of a route or of all. */
export interface Requests {
  readonly name: string;
  /** Undefined for all routes. */
  readonly route: string | undefined;
  readonly rate: number;
  /** The share of answers with a status of 500 and up; null without requests. */
  readonly errors: Value;
  readonly p50: Value;
  readonly p95: Value;
  readonly p99: Value;
  /** The series whose sparklines, added up, are that of the rate. */
  readonly ids: readonly number[];
}

interface Gathered {
  readonly name: string;
  readonly route: string | undefined;
  rate: number;
  failed: number;
  readonly series: Metric[];
  total: Metric | undefined;
}

/** The timers that the middleware records: a route and the class of a status are among their tags. */
function isRequest({ item: { kind, name, tags, of } }: Metric): boolean {
  if (kind !== 'timer' || !/(?:^|\.)http\.request$/.test(name)) return false;
  return of !== undefined || tags['route'] !== undefined;
}

/** Requests by route, and those of all routes, which come first for each name. */
export function requestsOf(model: Model): Requests[] {
  const all = new Map<string, Gathered>();
  const at = (name: string, route: string | undefined): Gathered => {
    const key = JSON.stringify([name, route]);
    let gathered = all.get(key);
    if (gathered === undefined) {
      gathered = { name, route, rate: 0, failed: 0, series: [], total: undefined };
      all.set(key, gathered);
    }
    return gathered;
  };
  for (const metric of model.metrics.values()) {
    if (!isRequest(metric)) continue;
    const { name, tags, of } = metric.item;
    if (of === undefined) {
      for (const route of [undefined, tags['route']]) add(at(name, route), metric);
    } else if (of.length === 0) at(name, undefined).total = metric;
    else if (of[0] === 'route') at(name, of[1]).total = metric;
  }
  return [...all.values()].filter(({ series }) => series.length > 0).map(requests);
}

function add(gathered: Gathered, metric: Metric): void {
  const rate = metric.now[0] ?? 0;
  gathered.series.push(metric);
  gathered.rate += rate;
  if (metric.item.tags['status'] === '5xx') gathered.failed += rate;
}

function requests({ name, route, rate, failed, series, total }: Gathered): Requests {
  const one = total ?? (series.length === 1 ? series[0] : undefined);
  const [, p50 = null, p95 = null, p99 = null] = one?.now ?? [];
  const ids = (one === undefined ? series : [one]).map(({ item }) => item.id);
  return { name, route, rate, errors: rate > 0 ? failed / rate : null, p50, p95, p99, ids };
}
