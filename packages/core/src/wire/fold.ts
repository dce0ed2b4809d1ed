import type { MetricView } from '../metric/view.js';
import { foldedPath } from '../text/route.js';
import { withMoreTags } from '../text/tags.js';
import type { Naming } from './format.js';

// What would end a name or begin a segment of its own.
const NO_SEGMENT = /[./]/g;
const RESERVED = /[:|@]/g;

/**
 * The name with the values of its tags as further segments, for formats that have no tags: `name.v1.v2`. Each value is one
 * segment, so that the depth is fixed: in it, `.` and `/` become `-`, and an empty one becomes `_`. The slash at the head of a path isn't written.
 */
export function foldedName({ name, tags }: MetricView, naming: Naming): string {
  let text = naming.prefix + name;
  for (const [, value] of withMoreTags(tags, naming.tags)) text += `.${segment(value)}`;
  return text;
}

function segment(value: string): string {
  if (value.startsWith('/')) return foldedPath(value);
  return value === '' ? '_' : value.replace(NO_SEGMENT, '-').replace(RESERVED, '_');
}
