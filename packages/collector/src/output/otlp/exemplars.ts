import type { Exemplar } from '@afstatsd/core';
import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { concatenated, mapMessages } from './protobuf-fields.js';

/** A data point with its exemplars. The type is ours, because the SDK's has no exemplars. */
export interface WithExemplars {
  readonly exemplars?: readonly Exemplar[];
}

type Serializer = typeof ProtobufMetricsSerializer;

/** The numbers of fields in OTLP's messages. */
const REQUEST = { resourceMetrics: 1 } as const;
const RESOURCE_METRICS = { scopeMetrics: 2 } as const;
const SCOPE_METRICS = { metrics: 2 } as const;
const HISTOGRAM = { dataPoints: 1 } as const;
/** The number of a metric's field with its histogram, and of a data point's field with its exemplars. */
const FIELDS: Readonly<Partial<Record<DataPointType, { data: number; exemplars: number }>>> = {
  [DataPointType.HISTOGRAM]: { data: 9, exemplars: 8 },
  [DataPointType.EXPONENTIAL_HISTOGRAM]: { data: 10, exemplars: 11 },
};
/** Tags of an exemplar: the field's number times 8, and its type. */
const EXEMPLAR = { time: 0x11, asDouble: 0x19, spanId: 0x22, traceId: 0x2a } as const;
const LENGTH_DELIMITED = 2;

/** OpenTelemetry's serializer for protobuf, which leaves exemplars out. They are added here. */
export const PROTOBUF: Serializer = {
  ...ProtobufMetricsSerializer,
  serializeRequest(metrics) {
    const bytes = ProtobufMetricsSerializer.serializeRequest(metrics);
    return bytes === undefined || !hasExemplars(metrics) ? bytes : inProtobuf(bytes, metrics);
  },
};

/** OpenTelemetry's serializer for JSON, with added exemplars. */
export const JSON_FORMAT: Serializer = {
  ...JsonMetricsSerializer,
  serializeRequest(metrics) {
    const bytes = JsonMetricsSerializer.serializeRequest(metrics);
    return bytes === undefined || !hasExemplars(metrics) ? bytes : inJson(bytes, metrics);
  },
};

function exemplarsOf(point: MetricData['dataPoints'][number] | undefined): readonly Exemplar[] {
  return (point as WithExemplars | undefined)?.exemplars ?? [];
}

function hasExemplars({ scopeMetrics }: ResourceMetrics): boolean {
  return scopeMetrics.some(({ metrics }) =>
    metrics.some(({ dataPoints }) => dataPoints.some((point) => exemplarsOf(point).length > 0)),
  );
}

/** The data points in JSON. Only their exemplars are changed here. */
interface JsonData {
  readonly dataPoints: { exemplars?: readonly object[] }[];
}
interface JsonRequest {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly {
      readonly metrics: readonly {
        readonly histogram?: JsonData;
        readonly exponentialHistogram?: JsonData;
      }[];
    }[];
  }[];
}

function inJson(bytes: Uint8Array, { scopeMetrics }: ResourceMetrics): Uint8Array {
  const request = JSON.parse(Buffer.from(bytes).toString()) as JsonRequest;
  for (const [s, scope] of request.resourceMetrics[0]!.scopeMetrics.entries()) {
    for (const [m, { histogram, exponentialHistogram }] of scope.metrics.entries()) {
      for (const [p, point] of (histogram ?? exponentialHistogram)?.dataPoints.entries() ?? []) {
        const exemplars = exemplarsOf(scopeMetrics[s]!.metrics[m]!.dataPoints[p]);
        if (exemplars.length === 0) continue;
        point.exemplars = exemplars.map(({ traceId, spanId, value, time }) => ({
          timeUnixNano: String(nanoseconds(time)),
          asDouble: value,
          spanId,
          traceId,
        }));
      }
    }
  }
  return Buffer.from(JSON.stringify(request));
}

function inProtobuf(bytes: Uint8Array, { scopeMetrics }: ResourceMetrics): Uint8Array {
  return mapMessages(bytes, REQUEST.resourceMetrics, (resource) =>
    mapMessages(resource, RESOURCE_METRICS.scopeMetrics, (scope, s) =>
      mapMessages(scope, SCOPE_METRICS.metrics, (metric, m) => {
        const { dataPointType, dataPoints } = scopeMetrics[s]!.metrics[m]!;
        const fields = FIELDS[dataPointType];
        if (fields === undefined) return metric;
        return mapMessages(metric, fields.data, (data) =>
          mapMessages(data, HISTOGRAM.dataPoints, (point, p) => {
            const exemplars = exemplarsOf(dataPoints[p]);
            const tag = (fields.exemplars << 3) | LENGTH_DELIMITED;
            return concatenated([
              point,
              ...exemplars.flatMap((one) => [Uint8Array.of(tag, EXEMPLAR_BYTES), exemplarBytes(one)]),
            ]);
          }),
        );
      }),
    ),
  );
}

/** The size of an exemplar: two fields of 8 bytes, and ids of 8 and 16 bytes with their lengths. */
const EXEMPLAR_BYTES = 9 + 9 + 10 + 18;

function exemplarBytes({ traceId, spanId, value, time }: Exemplar): Uint8Array {
  const bytes = Buffer.alloc(EXEMPLAR_BYTES);
  let at = bytes.writeUInt8(EXEMPLAR.time, 0);
  at = bytes.writeBigUInt64LE(nanoseconds(time), at);
  at = bytes.writeUInt8(EXEMPLAR.asDouble, at);
  at = bytes.writeDoubleLE(value, at);
  for (const [tag, id] of [
    [EXEMPLAR.spanId, spanId],
    [EXEMPLAR.traceId, traceId],
  ] as const) {
    at = bytes.writeUInt8(tag, at);
    at = bytes.writeUInt8(id.length / 2, at);
    at += bytes.write(id, at, 'hex');
  }
  return bytes;
}

function nanoseconds(ms: number): bigint {
  return BigInt(Math.round(ms)) * 1_000_000n;
}
