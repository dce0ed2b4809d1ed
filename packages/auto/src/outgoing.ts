import { type BoundTimer, Statsd } from '@afstatsd/core';
import { OTHER } from '@afstatsd/core/instrument';
import { Bounded } from './bounded.js';

/** How many hosts get a tag value of their own in one process. Further hosts are `other`. */
const MOST_HOSTS = 100;
/** The longest name that DNS has, in characters. */
const LONGEST_HOST = 253;
const METHODS = new Set(['get', 'head', 'post', 'put', 'delete', 'connect', 'options', 'trace', 'patch']);

const hosts = new Bounded(MOST_HOSTS);
const timers = new Map<string, BoundTimer>();

/** A request to another server that is over. */
export interface Outgoing {
  readonly method: unknown;
  /** A name or an address, without a port. */
  readonly host: unknown;
  /** The status of the answer, or undefined if none came. */
  readonly status: number | undefined;
  /** Time from the start of the request to the answer's headers or to the error, in ms. */
  readonly ms: number;
}

/** Records the timer `http.client.request` with tags for method, host and status. No other part of the URL becomes a tag. */
export function recordOutgoing({ method, host, status, ms }: Outgoing): void {
  const tags = {
    method: methodTag(method),
    server_address:
      typeof host === 'string' && host.length <= LONGEST_HOST ? hosts.of(host.toLowerCase()) : OTHER,
    status: statusTag(status),
  };
  const key = `${tags.method} ${tags.status} ${tags.server_address}`;
  let timer = timers.get(key);
  if (timer === undefined) timers.set(key, (timer = Statsd.createTimer('http.client.request', { tags })));
  timer.record(ms);
}

function methodTag(method: unknown): string {
  const lower = String(method).toLowerCase();
  return METHODS.has(lower) ? lower : OTHER;
}

function statusTag(status: number | undefined): string {
  if (status === undefined) return 'error';
  return status >= 100 && status < 600 ? `${Math.floor(status / 100)}xx` : OTHER;
}
