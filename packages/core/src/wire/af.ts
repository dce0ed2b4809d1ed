import { random } from '../host/clock.js';
import { foldedName } from './fold.js';
import type { Format } from './format.js';
import { formatNumber } from './number.js';

/**
 * The AppFirst format: `web.hits:15|c::load:0.7|g|1795354531::login:10,5,7|ms`. Tags are folded into the name.
 *
 * A gauge carries the Unix seconds at which it was set; a timer all of its values, comma-separated. Two things are
 * extensions of the original: sets, and the sample rate of a timer that had more values than it keeps. A counter has no
 * sample rate here: a sampled call is scaled up, and rounded at random, so that the expectation is exact.
 */
export const afFormat: Format = {
  separator: '::',
  foldsTags: true,
  single(metric, naming) {
    const name = foldedName(metric, naming);
    if (metric.kind === 'gauge')
      return `${name}:${formatNumber(metric.value)}|g|${Math.floor(metric.time / 1000)}`;
    const { whole, rate = 1 } = metric;
    return `${name}:${formatNumber(rate === 1 ? whole : Math.floor(whole / rate + random()))}|c`;
  },
  list(metric, naming, rate) {
    const type = metric.kind === 'timer' ? 'ms' : 's';
    return {
      head: `${foldedName(metric, naming)}:`,
      joiner: ',',
      tail: `|${type}${rate === 1 ? '' : `|@${formatNumber(rate)}`}`,
    };
  },
};
