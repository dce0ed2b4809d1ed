import { type StatsdClient, type Transport, transportFromUrl } from '@afstatsd/core';
import {
  CHECKS,
  type Check,
  type Checks,
  MAX_DELAY_MS,
  hasMethods,
  integer,
  readOptions,
} from '@afstatsd/core/instrument';

/** Options of {@link prometheusPage}. */
export interface PrometheusPageOptions {
  /** The client whose metrics are shown. Default: the shared one. */
  readonly statsd?: StatsdClient;
  /** A further transport of the client, or its URL, such as `udp://127.0.0.1:8125`. Default: none. */
  readonly alsoTo?: Transport | string;
  /** Upper bounds of the buckets for timers, in seconds, in rising order. Default 1 ms to 10 s. */
  readonly bounds?: readonly number[];
  /** Upper bounds for values that are no durations, such as bytes, in their own unit. Default 1 to 1,000,000. */
  readonly valueBounds?: readonly number[];
  /** A prefix of every name, followed by `_`. Default: none. */
  readonly prefix?: string;
  /**
   * The most series of counters, gauges and timers together. Decrements, sets and histograms have as many each. Default 10,000.
   */
  readonly maxMetrics?: number;
  /** The time in which a set counts distinct members, in ms. Default 60,000. */
  readonly setWindow?: number;
  /** The longest time that a page waits for other processes of the cluster, in ms. Default 1,000. */
  readonly timeout?: number;
}

/** The check of bounds. It is rough, because `Recording` checks the numbers. */
const isList: Check = { must: 'be a list of numbers in rising order', accepts: Array.isArray };

const OPTIONS: Checks<PrometheusPageOptions> = {
  statsd: { must: 'be a StatsdClient', accepts: (value) => hasMethods(value, 'setTransport', 'flush') },
  alsoTo: {
    must: 'be a transport or its URL',
    accepts: (value) => typeof value === 'string' || hasMethods(value, 'open', 'close', 'stats'),
    read: (value: Transport | string) => (typeof value === 'string' ? transportFromUrl(value) : value),
  },
  bounds: isList,
  valueBounds: isList,
  prefix: { must: 'be a string', accepts: (value) => typeof value === 'string' },
  maxMetrics: integer(1),
  setWindow: integer(1, MAX_DELAY_MS),
  timeout: CHECKS.delay,
};

/** The options of a page after they were read. A URL has become a transport. */
export type PageSettings = Omit<PrometheusPageOptions, 'alsoTo'> & { readonly alsoTo?: Transport };

/** @throws TypeError that names the option and the value, for an option that can't be used. */
export function readPageOptions(options: PrometheusPageOptions): PageSettings {
  return readOptions(options, OPTIONS) as PageSettings;
}
