import {
  type Resource,
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';

export type OtlpProtocol = 'http/json' | 'http/protobuf';
export type Temporality = 'cumulative' | 'delta';

/** The settings of the `OTEL_` variables that the exporters don't read themselves. */
export const environment = {
  /** The protocol. Undefined for one that this output doesn't speak (gRPC). */
  get protocol(): OtlpProtocol | undefined {
    const name = variable('OTEL_EXPORTER_OTLP_METRICS_PROTOCOL') ?? variable('OTEL_EXPORTER_OTLP_PROTOCOL');
    return name === 'http/json' || name === 'http/protobuf' ? name : undefined;
  },

  get temporality(): Temporality | undefined {
    const name = variable('OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE')?.toLowerCase();
    if (name === 'lowmemory') return 'delta'; // the same as `delta` for StatsD's kinds
    return name === 'delta' || name === 'cumulative' ? name : undefined;
  },

  /** Whether histograms without given bounds are exponential. */
  get exponential(): boolean {
    const name = variable('OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION')?.toLowerCase();
    return name !== 'explicit_bucket_histogram';
  },

  /** The longest time for an export, in ms. */
  get timeout(): number | undefined {
    const ms = Number(
      variable('OTEL_EXPORTER_OTLP_METRICS_TIMEOUT') ?? variable('OTEL_EXPORTER_OTLP_TIMEOUT'),
    );
    return ms > 0 && Number.isFinite(ms) ? ms : undefined;
  },
};

/** The sender as a resource: `attributes`, and further ones of `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME`. */
export function describeResource(attributes: Readonly<Record<string, string>>): Resource {
  return defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'afstatsd-collector' }))
    .merge(detectResources({ detectors: [envDetector] }))
    .merge(resourceFromAttributes(attributes));
}

function variable(name: string): string | undefined {
  const value = process.env[name]?.trim();
  return value === '' ? undefined : value;
}
