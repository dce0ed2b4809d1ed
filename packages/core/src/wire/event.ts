import type { Tag } from '../text/tags.js';
import type { Naming } from './format.js';
import type { OriginFields } from './origin-fields.js';
import { tagSection } from './tag-section.js';

/** A time: a Date, or seconds since 1970. */
export type EventTime = Date | number;

/** Options of an event, for the Datadog Agent. */
export interface EventFields {
  /** When it happened: a Date, or seconds since 1970. Default: when the Agent gets it. */
  readonly date?: EventTime | undefined;
  /** The host that it belongs to. Default: the Agent's. */
  readonly hostname?: string | undefined;
  /** Events of one key are shown together. Default: none. */
  readonly aggregationKey?: string | undefined;
  /** `normal` or `low`. Default: `normal`, the Agent's. */
  readonly priority?: string | undefined;
  /** The kind of program that it comes from. Default: none. */
  readonly sourceType?: string | undefined;
  /** `info`, `warning`, `error` or `success`. Default: `info`, the Agent's. */
  readonly alertType?: string | undefined;
}

/** Options of a service check, for the Datadog Agent. */
export interface ServiceCheckFields {
  /** When it was made: a Date, or seconds since 1970. Default: when the Agent gets it. */
  readonly date?: EventTime | undefined;
  /** The host that it belongs to. Default: the Agent's. */
  readonly hostname?: string | undefined;
  /** A sentence that says why. Default: none. */
  readonly message?: string | undefined;
}

/**
 * An event of DogStatsD: `_e{5,4}:title|text|…`. Line breaks are written as `\n`, which the Agent reads, and lengths are
 * bytes of UTF-8.
 */
export function eventLine(
  title: string,
  text: string,
  fields: EventFields,
  tags: readonly Tag[],
  naming: Naming,
): string {
  const [head, body] = [escaped(title), escaped(text)];
  return (
    `_e{${Buffer.byteLength(head)},${Buffer.byteLength(body)}}:${head}|${body}` +
    timeField(fields.date) +
    field('h', fields.hostname) +
    field('k', fields.aggregationKey) +
    field('p', fields.priority) +
    field('s', fields.sourceType) +
    field('t', fields.alertType) +
    tagSection({ tags }, naming)
  );
}

/** A service check of DogStatsD: `_sc|name|0|…`. Its message stands at the end, because it goes up to there. */
export function serviceCheckLine(
  name: string,
  status: number,
  fields: ServiceCheckFields,
  tags: readonly Tag[],
  naming: Naming,
): string {
  return (
    `_sc|${clean(name)}|${status}` +
    timeField(fields.date) +
    field('h', fields.hostname) +
    tagSection({ tags }, naming) +
    (fields.message === undefined ? '' : `|m:${escaped(fields.message).replaceAll('m:', 'm\\:')}`)
  );
}

/** Gives a line of DogStatsD a cardinality of its own. */
export function withCardinality(line: string, cardinality: string | undefined): string {
  return cardinality === undefined ? line : withFields(line, `|card:${cardinality}`);
}

/** Adds to a line of DogStatsD where it comes from. A cardinality of its own stays. */
export function withOrigin(line: string, origin: OriginFields): string {
  const card = /\|card:[a-z]+(?=$|\|m:)/.exec(line)?.[0];
  if (card === undefined) return withFields(line, origin.fields);
  return withFields(line.replace(card, ''), origin.withoutCardinality + card);
}

/** In a service check, fields stand before the message. */
function withFields(line: string, fields: string): string {
  const message = line.startsWith('_sc|') ? line.indexOf('|m:') : -1;
  return message < 0 ? line + fields : line.slice(0, message) + fields + line.slice(message);
}

/** The seconds since 1970 of a time; undefined if the value is no time. */
export function secondsOf(time: EventTime | undefined): number | undefined {
  const seconds = time instanceof Date ? time.getTime() / 1000 : time;
  return typeof seconds === 'number' && Number.isFinite(seconds) ? Math.round(seconds) : undefined;
}

function timeField(time: EventTime | undefined): string {
  const seconds = secondsOf(time);
  return seconds === undefined ? '' : `|d:${seconds}`;
}

function field(letter: string, value: string | undefined): string {
  return value === undefined || value === '' ? '' : `|${letter}:${clean(value)}`;
}

// oxlint-disable-next-line eslint/no-control-regex -- they would end the line, or the text of a C program
const CONTROL = /[\0-\x1f\x7f]/g;

function clean(text: string): string {
  return text.replace(CONTROL, ' ').replaceAll('|', '_');
}

function escaped(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll('\n', '\\n').replace(CONTROL, ' ');
}
