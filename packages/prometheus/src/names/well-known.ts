import type { Rule } from '@afstatsd/core';
import { Rules } from '@afstatsd/core/instrument';
import type { Describe } from '../record/describe.js';

/**
 * Rules for the usual names of HTTP and database metrics in Prometheus and OpenTelemetry. A metric of another kind with the
 * same name keeps its own name.
 *
 * @see https://prometheus.io/docs/practices/naming/
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-metrics/
 */
const WELL_KNOWN: readonly Rule[] = [
  {
    match: 'http.request',
    kind: 'timer',
    prometheus: 'http_request_duration_seconds',
    otlp: 'http.server.request.duration',
  },
  { match: 'http.ttfb', kind: 'timer', prometheus: 'http_time_to_first_byte_seconds' },
  { match: 'http.response.bytes', kind: 'histogram', prometheus: 'http_response_size_bytes' },
  {
    match: 'http.in_flight',
    kind: 'gauge',
    prometheus: 'http_requests_in_flight',
    otlp: 'http.server.active_requests',
  },
  { match: 'http.in_flight.max', kind: 'gauge', prometheus: 'http_requests_in_flight_max' },
  {
    match: 'http.client.request',
    kind: 'timer',
    prometheus: 'http_client_request_duration_seconds',
    otlp: 'http.client.request.duration',
  },
  {
    match: 'db.client.operation',
    kind: 'timer',
    prometheus: 'db_client_operation_duration_seconds',
    otlp: 'db.client.operation.duration',
  },
];

/**
 * A function that describes a series by the built-in rules, followed by the user's rules.
 *
 * @throws TypeError for a rule that can't be used.
 */
export function describedBy(rules: readonly Rule[] = []): Describe {
  const all = new Rules([...WELL_KNOWN, ...rules]);
  return (kind, name) => all.describe(kind, name);
}

/** A tag as an attribute of the semantic conventions. */
export interface WellKnownTag {
  /** The attribute's key. */
  readonly key: string;
  /** The attribute's value. Default: the tag's. */
  readonly value?: (tag: string) => string | number;
}

/** The tags of every metric that OpenTelemetry knows by another key. */
export const ORIGIN_TAGS: ReadonlyMap<string, WellKnownTag> = new Map([
  ['service', { key: 'service.name' }],
  ['instance', { key: 'service.instance.id' }],
]);

/** The tags of HTTP metrics that OpenTelemetry knows by another key. */
export const HTTP_TAGS: ReadonlyMap<string, WellKnownTag> = new Map<string, WellKnownTag>([
  [
    'method',
    { key: 'http.request.method', value: (tag) => (tag === 'other' ? '_OTHER' : tag.toUpperCase()) },
  ],
  ['route', { key: 'http.route' }],
  ['server_address', { key: 'server.address' }],
  [
    'status_code',
    { key: 'http.response.status_code', value: (tag) => (/^\d{3}$/.test(tag) ? Number(tag) : tag) },
  ],
]);

/** The tags of metrics of databases that OpenTelemetry knows by another key. */
export const DB_TAGS: ReadonlyMap<string, WellKnownTag> = new Map([
  ['operation', { key: 'db.operation.name' }],
  ['system', { key: 'db.system.name' }],
]);
