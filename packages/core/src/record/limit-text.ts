import { describe } from '../text/describe.js';
import { growingPrefix } from './growing-prefix.js';

/**
 * The warning when the registry is full.
 *
 * @param maxMetrics - The limit, which is reached.
 * @param name - The name of the metric that is dropped.
 * @param names - The names of all metrics, in order of their creation.
 */
export function limitText(maxMetrics: number, name: string, names: readonly string[]): string {
  return (
    `there are ${maxMetrics} metrics (maxMetrics): new ones are dropped, first ${describe(name)}. ` +
    `Most of the newest begin with ${describe(growingPrefix(names))}; does a name or a tag there hold an id or a URL?`
  );
}
