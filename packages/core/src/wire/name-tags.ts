import type { Tag } from '../text/tags.js';
import type { Decoded } from './decoded.js';

/** The characters that begin tags within a name. */
const FIRST = /[,;[]/;
// A name with such characters for another reason rarely has a key without blanks, and `=`, behind each of them.
const NO_KEY = /\s/u;
const NO_GRAPHITE_KEY = /[\s,[\]]/u;

/** A name, and the tags that were written in it. */
interface Split {
  readonly name: string;
  readonly tags: readonly Tag[];
}

/**
 * Takes tags out of names: Telegraf's `n,k=v`, Graphite's `n;k=v` and SignalFx' `n[k=v]`. A name stays as it is if any part of it
 * can't be read as tags, or if its line has DogStatsD's tags, because no client writes both.
 */
export function readNameTags(metrics: Decoded[]): void {
  // All samples of a line have one name, which may be very long.
  let last: string | undefined;
  let split: Split | undefined;
  for (let at = 0; at < metrics.length; at++) {
    const metric = metrics[at]!;
    if (metric.tags !== undefined) continue;
    if (metric.name !== last) {
      last = metric.name;
      split = FIRST.test(last) ? splitName(last) : undefined;
    }
    if (split !== undefined) metrics[at] = { ...metric, ...split };
  }
}

/** Tries each way of writing, from the left, because a name may have the separator of another one in it. */
function splitName(text: string): Split | undefined {
  const places = [',', ';', '['].map((separator) => text.indexOf(separator)).sort((a, b) => a - b);
  for (const at of places) {
    const split = at < 0 ? undefined : splitAt(text, at);
    if (split !== undefined) return split;
  }
  return undefined;
}

function splitAt(text: string, at: number): Split | undefined {
  const separator = text[at];
  let name = text.slice(0, at);
  let section = text.slice(at + 1);
  if (separator === '[') {
    const end = section.indexOf(']');
    if (end < 0) return undefined;
    name += section.slice(end + 1);
    section = section.slice(0, end);
  }
  if (name === '') return undefined;
  const isGraphite = separator === ';';
  const tags = readTags(section, isGraphite ? ';' : ',', isGraphite ? NO_GRAPHITE_KEY : NO_KEY);
  return tags && { name, tags };
}

/** The tags of `k=v,k2=v2`; undefined if any part isn't a tag. */
function readTags(section: string, separator: string, noKey: RegExp): Tag[] | undefined {
  const tags: Tag[] = [];
  for (const part of section.split(separator)) {
    const equals = part.indexOf('=');
    const key = part.slice(0, equals);
    if (equals < 1 || noKey.test(key)) return undefined;
    tags.push([key, part.slice(equals + 1)]);
  }
  return tags;
}
