import type { Decoded } from './decoded.js';
import { type Fields, readField, readRate } from './read-fields.js';
import { readMetric } from './read-metric.js';

const NO_FIELDS: Fields = {};
/** A field that a later version of DogStatsD's protocol may add. */
const LATER_FIELD = /^[a-z]+:/;

/** Reads one metric of an AppFirst bundle: `name:value|type`, where commas separate durations and members. */
export function readPart(part: string): Decoded | undefined {
  const colon = part.indexOf(':');
  const bar = part.indexOf('|');
  if (colon < 1 || bar < colon) return undefined; // without a bar, too
  const name = part.slice(0, colon);
  const value = part.slice(colon + 1, bar);
  const end = part.indexOf('|', bar + 1);
  if (end < 0) {
    return readMetric({ name, value, type: part.slice(bar + 1), rate: 1, fields: NO_FIELDS, commas: true });
  }
  const type = part.slice(bar + 1, end);
  const fields: Fields = {};
  let rate: number | undefined = 1;
  for (const field of part.slice(end + 1).split('|')) {
    if (field.startsWith('@')) rate = readRate(field);
    else if (!isReadable(field, type, fields)) return undefined;
    if (rate === undefined) return undefined;
  }
  return readMetric({ name, value, type, rate, fields, commas: true });
}

/** On the queue an unknown field is most likely the trace of a message that was cut or mixed up. */
function isReadable(field: string, type: string, fields: Fields): boolean {
  const outcome = readField(field, type, fields);
  return outcome === 'read' || (outcome === 'unknown' && LATER_FIELD.test(field));
}
