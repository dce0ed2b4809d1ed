import type { MetricView } from '../metric/view.js';
import { foldedPath } from '../text/route.js';
import { withMoreTags } from '../text/tags.js';
import type { Naming } from './format.js';

// Characters that would end a name or begin another segment.
const NO_SEGMENT = /[./]/g;
const RESERVED = /[:|@]/g;
// Looking first is faster than two replacements that find nothing.
const TO_REPLACE = /[./:|@]/;

/** Tags that say where a metric comes from. They stay out of its name, so that a metric has the same name from everywhere. */
const ORIGIN_KEYS: ReadonlySet<string> = new Set(['service', 'instance']);

/**
 * The name with the values of its tags as further segments, for formats that have no tags: `name.v1.v2`. Each value is one
 * segment, so that the depth is fixed: in it, `.` and `/` become `-`, and an empty one becomes `_`. The slash at the head of a path isn't written. The tags `service` and `instance` are left out.
 *
 * @param metric - The metric's name, and its tags in the order of their keys.
 * @param naming - The prefix, with its dot, and the tags that come after the metric's own.
 * @example
 * ```js
 * const { foldedName } = require('@afstatsd/core/instrument');
 * console.log(foldedName({ name: 'hits', tags: [['route', '/api/users']] }, { prefix: 'web.', tags: [] })); // web.hits.api-users
 * ```
 */
export function foldedName(
  metric: Pick<MetricView, 'name' | 'tags'>,
  naming: Pick<Naming, 'prefix' | 'tags'>,
): string {
  const { name, tags } = metric;
  let text = naming.prefix + name;
  for (const [key, value] of withMoreTags(tags, naming.tags)) {
    if (!ORIGIN_KEYS.has(key)) text += `.${segment(value)}`;
  }
  return text;
}

function segment(value: string): string {
  if (value.startsWith('/')) return foldedPath(value);
  if (value === '') return '_';
  return TO_REPLACE.test(value) ? value.replace(NO_SEGMENT, '-').replace(RESERVED, '_') : value;
}
