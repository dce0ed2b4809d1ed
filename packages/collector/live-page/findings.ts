import type { ClientItem, FindingItem, MetricItem } from '../src/live/api.js';
import type { Metric, Model } from './model.js';

/** A thing that runs so often in a request, at the 95th percentile, is shown. */
const OFTEN = 10;
/** A call whose code holds the event loop for so long, at the 95th percentile, is shown, in ms. */
const LONG_MS = 20;
/** A delay of the event loop of so much is shown, in s. */
const LATE_S = 0.1;
const BLOCKED = '.blocked';
const LOOP_DELAY = 'nodejs.eventloop.lag.p99.seconds';

/** A finding of one or several clients. */
export interface Found extends FindingItem {
  /** Clients that have reported it. */
  readonly clients: readonly ClientItem[];
}

/** A live series that is worth a look, with the line of code, as far as a client has said it. */
export interface Suspect {
  readonly item: MetricItem;
  readonly now: Metric['now'];
  readonly place: string;
}

/** What a page of findings shows. */
export interface FindingsShown {
  readonly calls: readonly Suspect[];
  readonly growth: readonly Found[];
  readonly blocked: readonly Suspect[];
  readonly delays: readonly Suspect[];
}

/** Looks through the live series and the findings of all clients. */
export function findingsOf(model: Model, clients: readonly ClientItem[]): FindingsShown {
  const found = foundOf(clients);
  const placeOf = (kind: string, metric: string, route: string): string =>
    found.get(keyOf({ kind, metric, route }))?.place ?? '';
  const calls: Suspect[] = [];
  const blocked: Suspect[] = [];
  const delays: Suspect[] = [];
  for (const { item, now } of model.metrics.values()) {
    if (item.of !== undefined) continue;
    const { name, kind, tags } = item;
    const p95 = now[2] ?? 0;
    const { what, route } = tags;
    if (kind === 'histogram' && what !== undefined && route !== undefined && name.endsWith('.calls')) {
      if (p95 >= OFTEN) calls.push({ item, now, place: placeOf('calls', what, route) });
    } else if (kind === 'timer' && name.endsWith(BLOCKED)) {
      if (p95 >= LONG_MS) blocked.push({ item, now, place: placeOf('blocking', callOf(item), '') });
    } else if (kind === 'gauge' && name.endsWith(LOOP_DELAY)) {
      if ((now[0] ?? 0) >= LATE_S) delays.push({ item, now, place: '' });
    }
  }
  return { calls, blocked, delays, growth: [...found.values()].filter(({ kind }) => kind === 'growth') };
}

/** The name of the call of which a timer has the part that blocks. */
export function callOf({ name }: MetricItem): string {
  return name.slice(0, -BLOCKED.length);
}

function foundOf(clients: readonly ClientItem[]): Map<string, Found> {
  const found = new Map<string, Found>();
  for (const client of clients) {
    for (const finding of client.findings) {
      const key = keyOf(finding);
      const known = found.get(key);
      // The client that was heard of last comes first, and knows best.
      found.set(key, { ...(known ?? finding), clients: [...(known?.clients ?? []), client] });
    }
  }
  return found;
}

function keyOf({ kind, metric, route }: Pick<FindingItem, 'kind' | 'metric' | 'route'>): string {
  return JSON.stringify([kind, metric, route]);
}
