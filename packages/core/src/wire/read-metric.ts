import type { Decoded, DecodedName } from './decoded.js';
import type { Fields } from './read-fields.js';
import { readNumbers } from './read-number.js';

/** A metric's text, taken apart. */
export interface Parts {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  readonly rate: number;
  readonly fields: Fields;
  /** Whether the queue's lists with commas count: several durations, several members. */
  readonly commas: boolean;
}

/** The metric that these parts make; undefined if the value or the type can't be read. */
export function readMetric({ name, value, type, rate, fields, commas }: Parts): Decoded | undefined {
  const named: DecodedName = fields.tags === undefined ? { name } : { name, tags: fields.tags };
  if (type === 's') {
    if (value === '') return undefined;
    return { type: 'set', ...named, members: commas ? value.split(',') : [value] };
  }
  const values = readNumbers(value, commas && type === 'ms' ? /[:,]/ : ':');
  if (values === undefined) return undefined;
  switch (type) {
    case 'c': {
      let sum = 0;
      for (const one of values) sum += one;
      return Number.isFinite(sum) ? { type: 'counter', ...named, value: sum, rate } : undefined;
    }
    case 'g':
      return readGauge(named, value, values, fields);
    case 'ms':
      return { type: 'timer', ...named, values, rate };
    case 'h':
      return { type: 'timer', as: 'histogram', ...named, values, rate };
    case 'd':
      return { type: 'timer', as: 'distribution', ...named, values, rate };
    default:
      return undefined;
  }
}

function readGauge(
  named: DecodedName,
  text: string,
  values: readonly number[],
  { timestamp, isDogstatsd, every }: Fields,
): Decoded {
  // The last of several packed values counts.
  const value = values[values.length - 1]!;
  if (values.length === 1) {
    // A plus is a change. A minus is a change only in lines without a time and tags, because clients that write those mean a value.
    const isAppFirst = timestamp !== undefined && isDogstatsd === undefined;
    const signed = text.startsWith('+')
      ? !isAppFirst
      : text.startsWith('-') && timestamp === undefined && !isDogstatsd;
    if (signed) return { type: 'gauge', ...named, value, signed: true };
  }
  if (timestamp === undefined) return { type: 'gauge', ...named, value };
  return { type: 'gauge', ...named, value, timestamp, ...(every === undefined ? {} : { every }) };
}
