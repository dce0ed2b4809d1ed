import type { MetricView } from '../metric/view.js';
import { type Tag, withMoreTags } from '../text/tags.js';
import type { Naming } from './format.js';

/** The tags that a client adds to all of its metrics, as text. */
interface Common {
  readonly naming: Naming;
  readonly keys: readonly string[];
  readonly text: string;
}

/**
 * Makes a function that writes the tags of a metric: its own, the client's and the origin's. The text of the last two is kept,
 * because the metrics of a flush have them in common.
 *
 * @param write - Writes a list of tags; of an empty list an empty text.
 * @param joiner - Stands between two such texts.
 */
export function tagWriter(
  write: (tags: readonly Tag[]) => string,
  joiner: string,
): (metric: Pick<MetricView, 'tags'>, naming: Naming) => string {
  let last: Common | undefined;
  return (metric, naming) => {
    if (last?.naming !== naming) {
      const common = writtenTags({ tags: [] }, naming);
      last = { naming, keys: common.map(([key]) => key), text: write(common) };
    }
    const { tags } = metric;
    if (tags.length === 0) return last.text;
    if (last.text === '') return write(tags);
    // A key that stands in both lists counts once.
    for (const [key] of tags) if (last.keys.includes(key)) return write(writtenTags(metric, naming));
    return write(tags) + joiner + last.text;
  };
}

/** A metric's own tags, the client's, and the origin's. The first of equal keys counts. */
function writtenTags({ tags }: Pick<MetricView, 'tags'>, naming: Naming): readonly Tag[] {
  return withMoreTags(withMoreTags(tags, naming.tags), naming.origin);
}
