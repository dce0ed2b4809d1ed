import {
  type Checks,
  CHECKS,
  cleanName,
  describe,
  isTagValue,
  nameProblem,
  oneOf,
  readOptions,
  Rules,
} from '../instrument.js';
import type { MetricDefinition, TagDefinition, TagValues } from './definition.js';

const TEXT = {
  must: 'be a text that is not empty',
  accepts: (value: unknown): boolean => typeof value === 'string' && value.trim() !== '',
};
const ANYTHING = { must: 'be given', accepts: (): boolean => true };

/** Units and buckets are checked by the rules that are made of them. */
const METRIC: Checks<MetricDefinition> = {
  kind: oneOf(['counter', 'gauge', 'timer', 'set', 'histogram', 'distribution']),
  help: TEXT,
  unit: ANYTHING,
  buckets: ANYTHING,
  tags: { must: 'be an object', accepts: (value) => typeof value === 'object' && value !== null },
};

const TAG: Checks<TagDefinition> = {
  values: {
    must: 'be string, number, boolean or a list of strings, finite numbers and booleans',
    accepts: areValues,
  },
  help: TEXT,
  optional: CHECKS.boolean,
};

/** Kinds that have buckets. */
const SPREAD: ReadonlySet<string> = new Set(['timer', 'histogram', 'distribution']);

/**
 * Checks a metric of a catalogue.
 *
 * @throws TypeError that names the metric, and what is wrong with it.
 */
export function checkMetric(name: string, definition: MetricDefinition): void {
  const where = `metric ${describe(name)}: `;
  const problem = nameProblem(name) ?? (cleanName(name) === name ? undefined : "can't be sent as it is");
  if (problem !== undefined) throw new TypeError(`${where}its name ${problem}`);
  if (name.includes('*'))
    throw new TypeError(`${where}a star in its name would stand for any characters in rules`);
  const read = readOptions<MetricDefinition>(definition, METRIC, where);
  const { kind, help, unit, buckets, tags = {} } = read;
  if (kind === undefined) throw new TypeError(`${where}option kind is missing`);
  if (help === undefined) throw new TypeError(`${where}option help is missing`);
  if (unit !== undefined && kind === 'timer')
    throw new TypeError(`${where}a timer has no unit: it is in seconds`);
  if (buckets !== undefined && !SPREAD.has(kind)) throw new TypeError(`${where}a ${kind} has no buckets`);
  try {
    Rules.check([{ match: name, help, ...(unit !== undefined && { unit }), ...(buckets && { buckets }) }]);
  } catch (error) {
    throw new TypeError((error as Error).message.replace(/^rules\[0\]: /, where), { cause: error });
  }
  for (const [key, tag] of Object.entries(tags)) checkTag(key, tag, where);
}

function checkTag(key: string, tag: TagValues | TagDefinition, where: string): void {
  if (key === '') throw new TypeError(`${where}a tag's key can't be empty`);
  const place = `${where}tag ${describe(key)}: `;
  const read = readOptions<TagDefinition>(areValues(tag) ? { values: tag } : tag, TAG, place);
  if (read.values === undefined) throw new TypeError(`${place}option values is missing`);
}

function areValues(value: unknown): value is TagValues {
  if (Array.isArray(value)) return value.length > 0 && value.every(isTagValue);
  return value === 'string' || value === 'number' || value === 'boolean';
}
