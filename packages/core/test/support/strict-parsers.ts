/**
 * Strict readers of the StatsD flavours, each after what its server's own parser does. What such a server would repair,
 * ignore or guess at throws here.
 */

export interface Line {
  readonly name: string;
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly type: string;
  /** Of a set: its member. Otherwise the numbers as they stand. */
  readonly values: readonly string[];
  readonly rate: number;
}

class Malformed extends Error {}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const TYPES = /^(?:c|g|ms|s)$/;

function demand(good: boolean, what: string, line: string): asserts good {
  if (!good) throw new Malformed(`${what}: ${JSON.stringify(line.slice(0, 300))}`);
}

/** Lines end with `\n` between them, and nowhere else. */
function linesOf(message: string): string[] {
  const lines = message.split('\n');
  for (const line of lines) {
    demand(line !== '', 'an empty line', message);
    demand(!/\p{Cc}/u.test(line), 'a control character', line);
    demand(!/\p{Cs}/u.test(line), 'text that UTF-8 can not carry', line);
  }
  return lines;
}

function checkValues(type: string, values: readonly string[], line: string): void {
  for (const value of values) {
    if (type === 's') demand(value !== '', 'an empty member', line);
    else demand(NUMBER.test(value) && Number.isFinite(Number(value)), `no plain number ${value}`, line);
  }
}

function rateOf(field: string, type: string, line: string): number {
  demand(type !== 'g' && type !== 's', 'a rate on a gauge or set', line);
  demand(/^@0\.\d+$/.test(field), 'a rate that is none', line);
  const rate = Number(field.slice(1));
  demand(rate > 0 && rate < 1, 'a rate outside (0, 1)', line);
  return rate;
}

/**
 * Datadog: https://docs.datadoghq.com/developers/dogstatsd/datagram_shell, protocol 1.1 (packed values), and what the
 * Agent does beyond it, in comp/dogstatsd/server/parse.go: `_e{` and `_sc` at the beginning make an event or a service check,
 * an empty value of a packed list is skipped, names may hold anything else.
 */
export function parseDogstatsd(message: string): Line[] {
  return linesOf(message).map((line) => {
    demand(!line.startsWith('_sc'), 'no metric', line);
    return parseDogstatsdLine(line);
  });
}

function parseDogstatsdLine(line: string): Line {
  demand(!line.startsWith('_e{'), 'no metric', line);
  const [head = '', type = '', ...fields] = line.split('|');
  const [name = '', ...values] = head.split(':');
  demand(name !== '' && values.length > 0, 'no name or no value', line);
  demand(/^(?:c|g|ms|h|d|s)$/.test(type), 'an unknown type', line);
  demand(type !== 's' || values.length === 1, 'a packed set', line);
  checkValues(type, values, line);
  let rate = 1;
  if (fields[0]?.startsWith('@') === true) rate = rateOf(fields.shift()!, type, line);
  const tags: [string, string][] = [];
  if (fields[0]?.startsWith('#') === true) {
    for (const tag of fields.shift()!.slice(1).split(',')) {
      const colon = tag.indexOf(':');
      const key = colon < 0 ? tag : tag.slice(0, colon);
      demand(key !== '', 'a tag without a key', line);
      demand(colon !== tag.length - 1, 'a colon without a value', line);
      tags.push([key, colon < 0 ? '' : tag.slice(colon + 1)]);
    }
  }
  demand(fields.length === 0, 'a field too many', line);
  return { name, tags, type, values, rate };
}

/**
 * Telegraf: `parseStatsdLine`, `parseName` and `parseKeyValue` of plugins/inputs/statsd/statsd.go. It trims a line, splits it at each
 * colon, each value at each bar, the bucket at each comma and a tag at `=`; and refuses a sign on all but counters and gauges.
 */
export function parseInflux(message: string): Line[] {
  return linesOf(message).map((line) => {
    demand(line === line.trim(), 'white space at an end', line);
    const bits = line.split(':');
    demand(bits.length === 2, 'not exactly one colon', line);
    const [bucket, bit] = bits as [string, string];
    const [value = '', type = '', rate, ...more] = bit.split('|');
    demand(TYPES.test(type) && more.length === 0, 'an unknown type, or a field too many', line);
    demand(!/^[+-]/.test(value) || type === 'g' || type === 'c', 'a sign', line);
    checkValues(type, [value], line);
    const [name = '', ...pairs] = bucket.split(',');
    demand(/^\S+$/u.test(name), 'no name, or white space in it', line);
    const tags = pairs.map((pair) => {
      const parts = pair.split('=');
      demand(parts.length === 2 && parts.every((part) => /^\S+$/u.test(part)), 'a tag that is none', line);
      return parts as [string, string];
    });
    return { name, tags, type, values: [value], rate: rate === undefined ? 1 : rateOf(rate, type, line) };
  });
}

/**
 * Etsy's statsd 0.9: `is_valid_packet` of lib/helpers.js, and stats.js, which splits at `|#`, at each colon and bar, and changes names
 * that hold anything but these characters.
 */
export function parseEtsy(message: string): Line[] {
  return linesOf(message).map((line) => {
    const { name, ...rest } = parsePlain(line);
    demand(/^[A-Za-z0-9_.-]+$/.test(name), 'a name that a server would change', line);
    return { name, tags: [], ...rest };
  });
}

/**
 * Tagged series of Graphite 1.1 (https://graphite.readthedocs.io/en/latest/tags.html, `TaggedSeries` of carbon/util.py: no
 * empty key or value, no `;!^=` in a key, no `;` in a value nor `~` before it), through etsy's statsd, which leaves only
 * `[A-Za-z0-9_.;=-]` of a name.
 */
export function parseGraphite(message: string): Line[] {
  return linesOf(message).map((line) => {
    const { name: series, ...rest } = parsePlain(line);
    demand(/^[A-Za-z0-9_.;=-]+$/.test(series), 'a name that a server would change', line);
    const [name = '', ...pairs] = series.split(';');
    demand(name !== '' && !name.includes('='), 'no name', line);
    const tags = pairs.map((pair) => {
      const parts = pair.split('=');
      demand(parts.length === 2 && !parts.includes(''), 'a tag that is none', line);
      return parts as [string, string];
    });
    return { name, tags, ...rest };
  });
}

/**
 * The queue: lines that are AppFirst's bundles, or hold one metric with tags. Of these the fields come in the order rate, time,
 * tags, and a gauge always has a time.
 */
export function parseQueue(message: string): Line[] {
  return linesOf(message).flatMap((line) => {
    if (!line.includes('|#')) return parseAF(line);
    const withoutTime = line.replace(/^([^:|]+:[^|]+\|g)\|T\d{10}(?=\|#)/, '$1');
    const metric = parseDogstatsdLine(withoutTime);
    demand((metric.type === 'g') === (withoutTime !== line), 'a time that is missing, or one too many', line);
    return metric;
  });
}

/**
 * AppFirst: bundles joined with `::`, lists with commas, the seconds of a gauge in its third field; and this project's own
 * extensions, sets and the rate of a timer that had more values than it keeps (docs of the wire format).
 */
export function parseAF(message: string): Line[] {
  demand(!message.includes('\n'), 'a line break', message);
  linesOf(message);
  return message.split('::').map((part) => {
    const bits = part.split(':');
    demand(bits.length === 2 && bits[0] !== '', 'not exactly one colon, or no name', part);
    const [name, bit] = bits as [string, string];
    const [list = '', type = '', field, ...more] = bit.split('|');
    demand(
      TYPES.test(type) && more.length === 0 && !name.includes('@'),
      'an unknown type or character',
      part,
    );
    const values = type === 'ms' || type === 's' ? list.split(',') : [list];
    checkValues(type, values, part);
    if (type === 'g') demand(field !== undefined && /^\d{10}$/.test(field), 'a gauge without its time', part);
    else demand(field === undefined || type === 'ms', 'a field too many', part);
    const rate = field === undefined || type === 'g' ? 1 : rateOf(field, type, part);
    return { name, tags: [], type, values, rate };
  });
}

function parsePlain(line: string): Omit<Line, 'tags'> {
  demand(!line.includes('|#'), 'tags after the type', line);
  const bits = line.split(':');
  demand(bits.length === 2, 'not exactly one colon', line);
  const [name, bit] = bits as [string, string];
  const [value = '', type = '', rate, ...more] = bit.split('|');
  demand(TYPES.test(type) && more.length === 0, 'an unknown type, or a field too many', line);
  checkValues(type, [value], line);
  demand(type !== 'ms' || Number(value) >= 0, 'a negative duration', line);
  return { name, type, values: [value], rate: rate === undefined ? 1 : rateOf(rate, type, line) };
}
