import type { Tag } from '../text/tags.js';
import { readRepeatField } from './gauge-repeat.js';
import { readNumber } from './read-number.js';

/** The fields after a metric's type, except its rate. */
export interface Fields {
  tags?: readonly Tag[];
  /** In seconds since 1970. */
  timestamp?: number;
  /** Of a gauge that is repeated, in seconds. */
  every?: number;
  /** A field stands there that only DogStatsD's clients write. */
  isDogstatsd?: true;
}

const DOGSTATSD_TIME = /^T\d{1,15}$/;
/** A container's id, external data, and the cardinality of tags. */
const DOGSTATSD_FIELD = /^(?:c|e|card):/;

/** Reads one field into `fields`, if it is a known one. A `bad` one makes the metric a bad one. */
export function readField(field: string, type: string, fields: Fields): 'read' | 'unknown' | 'bad' {
  if (field.startsWith('#')) {
    const tags = readTags(field);
    if (tags.length > 0) fields.tags = tags;
  } else if (DOGSTATSD_TIME.test(field)) {
    fields.timestamp = Number(field.slice(1));
  } else if (type === 'g' && /^\d/.test(field)) {
    // AppFirst's time.
    const timestamp = readNumber(field);
    if (timestamp === undefined) return 'bad';
    fields.timestamp = timestamp;
    return 'read';
  } else if (type === 'g' && field.startsWith('every:')) {
    const every = readRepeatField(field);
    if (every !== undefined) fields.every = every;
    return 'read';
  } else if (!DOGSTATSD_FIELD.test(field)) return 'unknown';
  fields.isDogstatsd = true;
  return 'read';
}

/** The sample rate of a field `@0.5`; undefined for another field. */
export function readRate(field: string): number | undefined {
  const rate = readNumber(field.slice(1));
  return rate !== undefined && rate > 0 && rate <= 1 ? rate : undefined;
}

/** The tags of `#key:value,key2`. */
function readTags(field: string): Tag[] {
  const tags = field
    .slice(1)
    .split(',')
    .filter((tag) => tag !== '');
  return tags.map((tag) => {
    const colon = tag.indexOf(':');
    return colon < 0 ? [tag, ''] : [tag.slice(0, colon), tag.slice(colon + 1)];
  });
}
