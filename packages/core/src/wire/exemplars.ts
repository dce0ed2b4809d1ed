import type { Exemplar, TimerView, ValueKind } from '../metric/view.js';
import { type Tag, withMoreTags } from '../text/tags.js';
import { type ClientReport, LONGEST_REPORT, clientReportLine } from './client-report.js';
import type { Naming } from './format.js';

/** An exemplar, and the metric that it is of, under the name and tags that its values leave with. */
export interface SentExemplar {
  /** The metric's name. */
  readonly name: string;
  /** Its tags, with those of the client. */
  readonly tags: readonly Tag[];
  /** What it is recorded as, when that is not a timer. */
  readonly as?: ValueKind;
  /** The value with its trace. */
  readonly exemplar: Exemplar;
}

type Written = [
  as: string,
  name: string,
  tags: readonly Tag[],
  value: number,
  trace: string,
  span: string,
  time: number,
];

const MEMBER = '"exemplars":[';
/** More in a line are left out when it is read. */
const MOST_IN_A_LINE = 100;
const MOST_TAGS = 100;
/** In characters: a metric's name and tags have at most 512 bytes, and the client's own as many. */
const LONGEST_TEXT = 1_024;

/** An exemplar as it is sent. */
export function sentExemplar(
  { name, tags, as }: TimerView,
  exemplar: Exemplar,
  { prefix, tags: more, origin }: Naming,
): SentExemplar {
  const all = withMoreTags(withMoreTags(tags, more), origin);
  return { name: prefix + name, tags: all, ...(as !== undefined && { as }), exemplar };
}

/**
 * The line that tells our collector of exemplars: a report of the client on itself, with one member more. A collector that knows
 * no exemplars reads the report, and leaves out what it doesn't know.
 */
export function exemplarsLine(report: ClientReport, exemplars: readonly SentExemplar[]): string {
  const written = exemplars.map(({ name, tags, as = 'timer', exemplar }): Written => {
    const { value, traceId, spanId, time } = exemplar;
    return [as, name, tags, value, traceId, spanId, time];
  });
  return clientReportLine({ ...report, warnings: [], exemplars: written } as ClientReport);
}

/**
 * Reads the exemplars of a report. Anybody may have sent it, so each is checked, and what isn't right is left out.
 *
 * @param line - As it came: any line.
 */
export function readExemplars(line: string): readonly SentExemplar[] {
  if (line.length > LONGEST_REPORT || !line.includes(MEMBER)) return [];
  try {
    const { exemplars } = Object(JSON.parse(line.slice(line.indexOf('{')))) as { exemplars?: unknown };
    if (!Array.isArray(exemplars)) return [];
    return exemplars.slice(0, MOST_IN_A_LINE).flatMap(readOne);
  } catch {
    return [];
  }
}

function readOne(given: unknown): SentExemplar[] {
  if (!Array.isArray(given)) return [];
  const [as, name, tags, value, traceId, spanId, time] = given as unknown[];
  const isRight =
    (as === 'timer' || as === 'histogram' || as === 'distribution') &&
    isText(name) &&
    name !== '' &&
    Array.isArray(tags) &&
    tags.length <= MOST_TAGS &&
    tags.every(isTag) &&
    Number.isFinite(value) &&
    Number.isSafeInteger(time) &&
    (time as number) >= 0 &&
    isHex(traceId, 32) &&
    isHex(spanId, 16);
  if (!isRight) return [];
  const exemplar = { value: value as number, traceId, spanId, time: time as number };
  return [{ name, tags, ...(as !== 'timer' && { as }), exemplar }];
}

function isTag(tag: unknown): tag is Tag {
  return Array.isArray(tag) && tag.length === 2 && tag.every(isText) && tag[0] !== '';
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_TEXT;
}

function isHex(value: unknown, digits: number): value is string {
  return typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/.test(value);
}
