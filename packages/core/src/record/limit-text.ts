import { describe } from '../text/describe.js';
import { growingPrefix } from './growing-prefix.js';

/**
 * The warning of a registry that is full.
 *
 * @param maxMetrics - How many metrics there are, which is all that there may be.
 * @param name - The metric that has no place.
 * @param names - The metrics that are there, in order of their creation.
 */
export function limitText(maxMetrics: number, name: string, names: readonly string[]): string {
  return (
    `there are ${maxMetrics} metrics (maxMetrics): new ones are dropped, first ${describe(name)}. ` +
    `Most of the newest begin with ${describe(growingPrefix(names))}; does a name or a tag there hold an id or a URL?`
  );
}
