import type { MetricDefinition, MetricDefinitions, TagDefinition, TagValues } from '../catalogue/index.js';
import { Rules, describe, identify } from '../instrument.js';
import { showTags } from './expected.js';
import { type RecordedMetric, asCalled } from './recorded.js';
import { recordingOf } from './recording.js';
import type { Verdict } from './verdict.js';

/** The part of a catalogue that is looked at. */
export interface CatalogueOfMetrics {
  /** The metrics by their names. */
  readonly metrics: MetricDefinitions;
}

/** Which metrics may be recorded beside those of a catalogue. */
export interface ExceptOptions {
  /** Names, with `*` for any characters: `['http.*', 'nodejs.*']`. Default: none. */
  readonly except?: readonly string[];
}

/** What a decorator counts beside its timer. */
const ERRORS = '.errors';
const MAX_LINES = 50;

/**
 * Decides whether all that a client has recorded is in a catalogue: name, kind, tags and their values. The counter of errors that
 * `@Timed` adds belongs to its timer. The prefix and the tags of the client itself aren't looked at.
 */
export function decideOnly(client: unknown, catalogue: unknown, options: unknown = {}): Verdict {
  const metrics: unknown = Object(catalogue).metrics;
  if (typeof metrics !== 'object' || metrics === null)
    throw new TypeError(`a catalogue of defineMetrics is expected, not ${describe(catalogue)}`);
  const { except = [] } = options as ExceptOptions;
  const excepted = new Rules(except.map((match) => ({ match, deny: true })));
  const problems: string[] = [];
  for (const metric of recordingOf(client).metrics()) {
    if (excepted.apply('', identify(asCalled(metric).name, [])) === undefined) continue;
    const problem = problemOf(metric, metrics as MetricDefinitions);
    if (problem === undefined) continue;
    problems.push(`  ${asCalled(metric).kind} ${metric.name}${showTags(metric.tags)}: ${problem}`);
  }
  const pass = problems.length === 0;
  return {
    pass,
    message: () =>
      pass
        ? 'expected a metric to be recorded that is not in the catalogue, but there is none'
        : `expected only metrics of the catalogue to be recorded, but there are others:\n\n${listed(problems)}`,
  };
}

/** Why a metric isn't in a catalogue; undefined if it is. */
function problemOf(metric: RecordedMetric, metrics: MetricDefinitions): string | undefined {
  const { name, kind, tags } = asCalled(metric);
  const definition = Object.hasOwn(metrics, name) ? metrics[name] : errorsOf(name, metrics);
  if (definition === undefined) return 'it is not in the catalogue';
  if (definition.kind !== kind) return `the catalogue has it as a ${definition.kind}`;
  const defined = Object.entries(definition.tags ?? {}).map(
    ([key, tag]) => [key, definitionOf(tag)] as const,
  );
  const unknown = Object.keys(tags).find((key) => !defined.some(([known]) => known === key));
  if (unknown !== undefined) return `the catalogue has no tag ${describe(unknown)} of it`;
  for (const [key, { values, optional }] of defined) {
    const value = Object.hasOwn(tags, key) ? tags[key]! : undefined;
    if (value === undefined) {
      if (optional !== true) return `its tag ${describe(key)} is missing`;
    } else if (!isOneOf(values, value)) {
      return `its tag ${describe(key)} is ${describe(value)}, not ${typeof values === 'string' ? `a ${values}` : values.join(' or ')}`;
    }
  }
  return undefined;
}

function errorsOf(name: string, metrics: MetricDefinitions): MetricDefinition | undefined {
  const timer = name.endsWith(ERRORS) ? name.slice(0, -ERRORS.length) : '';
  const definition = Object.hasOwn(metrics, timer) ? metrics[timer] : undefined;
  return definition?.kind === 'timer' ? { ...definition, kind: 'counter' } : undefined;
}

function definitionOf(tag: TagValues | TagDefinition): TagDefinition {
  return isValues(tag) ? { values: tag } : tag;
}

function isValues(tag: TagValues | TagDefinition): tag is TagValues {
  return typeof tag === 'string' || Array.isArray(tag);
}

function isOneOf(values: TagValues, value: string): boolean {
  if (typeof values !== 'string') return values.some((one) => String(one) === value);
  if (values === 'number') return value.trim() !== '' && Number.isFinite(Number(value));
  return values === 'string' || value === 'true' || value === 'false';
}

function listed(problems: readonly string[]): string {
  const left = problems.length - MAX_LINES;
  return [...problems.slice(0, MAX_LINES), ...(left > 0 ? [`  and ${left} more`] : [])].join('\n');
}
