import type { MetricView } from '../metric/view.js';
import { foldedName } from './fold.js';
import type { Format, Naming } from './format.js';
import { type LineOptions, lineFormat } from './lines.js';

/** What every server leaves as it is; etsy's own turns `/` into `-` too. */
const UNSAFE = /[^A-Za-z0-9_.-]/u;
const UNSAFE_ALL = new RegExp(UNSAFE, 'gu');

/**
 * A name of `[A-Za-z0-9_.-]` only: `/` becomes `-`, all else `_`.
 *
 * @param name - A name, or a tag's key or value.
 * @example
 * ```js
 * const { safeName } = require('@afstatsd/core/instrument');
 * console.log(safeName('GET /api')); // GET_-api
 * ```
 */
export function safeName(name: string): string {
  return UNSAFE.test(name) ? name.replaceAll('/', '-').replace(UNSAFE_ALL, '_') : name;
}

/**
 * The original StatsD format, as etsy's `statsd`, collectd, netdata and most others read it. Tags are folded into the name;
 * nothing is written that one of these servers refuses or misreads.
 */
export function etsyFormat(options: LineOptions = {}): Format {
  const label = (metric: MetricView, naming: Naming): string => safeName(foldedName(metric, naming));
  return lineFormat({ label, foldsTags: true, timer: 'ms', packsTimers: false, gaugeChanges: true }, options);
}
