import type { SeriesKind } from '../record/kind.js';

/** How the users of a store know a metric that this project's middleware records. */
export interface WellKnown {
  /** The kind of metric that has these names. Another kind of the same name keeps its own. */
  readonly kind: SeriesKind;
  /** The name of the family in Prometheus. A counter gets `_total` after it. */
  readonly prometheus: string;
  /** The name of the instrument in OpenTelemetry, where its semantic conventions have one. */
  readonly otlp?: string;
}

/**
 * The names by which users of Prometheus and OpenTelemetry know the metrics of HTTP servers.
 *
 * @see https://prometheus.io/docs/practices/naming/
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/
 */
export const WELL_KNOWN: ReadonlyMap<string, WellKnown> = new Map([
  [
    'http.request',
    { kind: 'timer', prometheus: 'http_request_duration_seconds', otlp: 'http.server.request.duration' },
  ],
  ['http.ttfb', { kind: 'timer', prometheus: 'http_time_to_first_byte_seconds' }],
  ['http.response.bytes', { kind: 'histogram', prometheus: 'http_response_size_bytes' }],
  [
    'http.in_flight',
    { kind: 'gauge', prometheus: 'http_requests_in_flight', otlp: 'http.server.active_requests' },
  ],
  ['http.in_flight.max', { kind: 'gauge', prometheus: 'http_requests_in_flight_max' }],
]);

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
  [
    'status_code',
    { key: 'http.response.status_code', value: (tag) => (/^\d{3}$/.test(tag) ? Number(tag) : tag) },
  ],
]);
