import type { MetricView } from '../metric/view.js';
import { type Tag, withMoreTags } from '../text/tags.js';
import type { Naming } from './format.js';

/** The tags of a metric where a format has tags: its own, the client's, and the origin's. The first of equal keys counts. */
export function writtenTags({ tags }: Pick<MetricView, 'tags'>, naming: Naming): readonly Tag[] {
  return withMoreTags(withMoreTags(tags, naming.tags), naming.origin);
}
