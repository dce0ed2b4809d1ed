import type { Format } from './format.js';
import { formatNumber } from './number.js';

/**
 * The AppFirst format: `web.hits:15|c::load:0.7|g|1795354531::login:10,5,7|ms`.
 *
 * A gauge carries the Unix seconds at which it was set; a timer all of its values, comma-separated. Two things are
 * extensions of the original: sets, and the sample rate of a timer that had more values than it keeps.
 */
export const afFormat: Format = {
  separator: '::',
  single(metric, { prefix }) {
    if (metric.kind === 'counter') return `${prefix}${metric.name}:${formatNumber(metric.whole)}|c`;
    return `${prefix}${metric.name}:${formatNumber(metric.value)}|g|${Math.floor(metric.time / 1000)}`;
  },
  list(metric, { prefix }, rate) {
    return {
      head: `${prefix}${metric.name}:`,
      joiner: ',',
      tail: `${metric.kind === 'timer' ? '|ms' : '|s'}${rate === 1 ? '' : `|@${formatNumber(rate)}`}`,
    };
  },
};
