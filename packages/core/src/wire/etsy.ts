import type { MetricView } from '../metric/view.js';
import { foldedName } from './fold.js';
import type { Format, Naming } from './format.js';
import { type LineOptions, lineFormat } from './lines.js';

/** Characters that some server changes. Etsy's server itself turns `/` into `-`, and so does `safeName`. */
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
 * The original StatsD format, which etsy's `statsd`, collectd, netdata and most others read. Tags are folded into the name. All
 * lines have a form that each of these servers reads right.
 */
export function etsyFormat(options: LineOptions = {}): Format {
  const label = (metric: MetricView, naming: Naming): string => safeName(foldedName(metric, naming));
  return lineFormat({ label, foldsTags: true, timer: 'ms', packsTimers: false, gaugeChanges: true }, options);
}
