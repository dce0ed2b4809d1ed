import { hostname } from 'node:os';
import { expiryTimes } from '@afstatsd/prometheus/parts';
import { type CollectorOptions, SHORTEST_STORE_MS } from '../config/options.js';
import type { Log } from '../log.js';
import type { Output } from '../output/output.js';
import { graphiteOutput } from './graphite.js';
import { influxOutput } from './influx.js';
import { PushOutput } from './push.js';

/** The plan of an output to a store. Plans of one kind with equal `own` make the same output. */
export interface StorePlan {
  readonly kind: string;
  readonly own: object;
  readonly make: () => Output;
}

/** The outputs to stores that the options ask for. */
export function planStores(options: CollectorOptions, log: Log): StorePlan[] {
  const { maxMetrics, maxBuffer, percentiles, globalTag: globalTags = [['host', hostname()]] } = options;
  const shared = { maxMetrics, maxBuffer, globalTags, expire: expiryTimes(options.expire) };
  const intervalOf = (own: number | undefined): number =>
    Math.max(SHORTEST_STORE_MS, own ?? options.interval);

  const graphite = options.graphite.map((url) => {
    const own = { url, interval: intervalOf(options.graphiteInterval), percentiles, ...shared };
    return { kind: 'graphite', own, make: () => graphiteOutput({ ...own, log }) };
  });
  const influx = options.influx.map((url) => {
    const own = { url, interval: intervalOf(options.influxInterval), percentiles, ...shared };
    return { kind: 'influx', own, make: () => influxOutput({ ...own, log }) };
  });
  const push = options.push.map((url) => {
    const { maxBuffer: _, ...rest } = shared;
    const own = {
      url,
      interval: intervalOf(options.pushInterval),
      bounds: options.buckets,
      rules: options.rules,
      ...rest,
    };
    return { kind: 'push', own, make: () => new PushOutput({ ...own, log }) };
  });
  return [...graphite, ...influx, ...push];
}
