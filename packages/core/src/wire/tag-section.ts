import type { MetricView } from '../metric/view.js';
import type { Tag } from '../text/tags.js';
import type { Naming } from './format.js';
import { tagWriter } from './tag-writer.js';

// A comma begins the next tag, a bar the next field, a colon ends a key.
const RESERVED_IN_KEYS = /[,|:]/;
const RESERVED_IN_VALUES = /[,|]/;
const ALL_RESERVED_IN_KEYS = /[,|:]/g;
const ALL_RESERVED_IN_VALUES = /[,|]/g;

const writeTags = tagWriter(join, ',');

/** The tags of a metric as the last field of a DogStatsD line, `|#key:value,key2:value2`; empty without tags. */
export function tagSection(metric: Pick<MetricView, 'tags'>, naming: Naming): string {
  const text = writeTags(metric, naming);
  return text === '' ? '' : `|#${text}`;
}

/** A tag as it stands in a line. */
export function writtenTag([key, value]: Tag): Tag {
  return [cleanKey(key), cleanValue(value)];
}

function join(tags: readonly Tag[]): string {
  let text = '';
  for (const [key, value] of tags) {
    if (text !== '') text += ',';
    text += cleanKey(key);
    if (value !== '') text += `:${cleanValue(value)}`;
  }
  return text;
}

// Looking first takes less than half of the time of a replacement that finds nothing.
function cleanKey(key: string): string {
  return RESERVED_IN_KEYS.test(key) ? key.replace(ALL_RESERVED_IN_KEYS, '_') : key;
}

function cleanValue(value: string): string {
  return RESERVED_IN_VALUES.test(value) ? value.replace(ALL_RESERVED_IN_VALUES, '_') : value;
}
