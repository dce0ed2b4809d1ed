import { fields, varints, zigzag } from '@afstatsd/testing';

/** One data point of an OTLP request, with what its metric and its resource say. */
export interface Point {
  readonly name: string;
  readonly unit: string;
  readonly type: 'gauge' | 'sum' | 'histogram';
  /** 1 is delta, 2 cumulative; 0 for gauges. */
  readonly temporality: number;
  readonly monotonic: boolean;
  readonly resource: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, string>>;
  readonly start: bigint;
  readonly time: bigint;
  readonly value?: number;
  readonly count?: number;
  readonly sum?: number;
  readonly buckets?: readonly number[];
  readonly bounds?: readonly number[];
  /** Of an exponential histogram. */
  readonly exponential?: Exponential;
  readonly exemplars?: readonly JsonExemplar[];
}

/** An exemplar, as JSON has it. */
export interface JsonExemplar {
  readonly timeUnixNano: string;
  readonly asDouble: number;
  readonly spanId: string;
  readonly traceId: string;
}

/** Buckets of an exponential histogram, each as its index and its count. */
export interface Exponential {
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: readonly (readonly [index: number, count: number])[];
  readonly negative: readonly (readonly [index: number, count: number])[];
}

interface JsonBuckets {
  readonly offset: number;
  readonly bucketCounts: readonly number[];
}

interface KeyValue {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}
interface JsonPoint {
  readonly attributes?: readonly KeyValue[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly asDouble?: number;
  readonly count?: number;
  readonly sum?: number;
  readonly bucketCounts?: readonly number[];
  readonly explicitBounds?: readonly number[];
  readonly scale?: number;
  readonly zeroCount?: number;
  readonly positive?: JsonBuckets;
  readonly negative?: JsonBuckets;
  readonly exemplars?: readonly JsonExemplar[];
}
interface JsonMetric {
  readonly name: string;
  readonly unit: string;
  readonly gauge?: { dataPoints: readonly JsonPoint[] };
  readonly sum?: { dataPoints: readonly JsonPoint[]; aggregationTemporality: number; isMonotonic: boolean };
  readonly histogram?: { dataPoints: readonly JsonPoint[]; aggregationTemporality: number };
  readonly exponentialHistogram?: { dataPoints: readonly JsonPoint[]; aggregationTemporality: number };
}
interface JsonRequest {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeMetrics: readonly { readonly metrics: readonly JsonMetric[] }[];
  }[];
}

/** Reads an ExportMetricsServiceRequest in JSON. */
export function readJson(body: Buffer): Point[] {
  return points(JSON.parse(body.toString()) as JsonRequest);
}

/** Reads one in protobuf, field by field. */
export function readProtobuf(body: Buffer): Point[] {
  return points({
    resourceMetrics: fields(body)
      .all(1)
      .map((resourceMetrics) => ({
        resource: { attributes: keyValues(fields(fields(resourceMetrics).all(1)[0]!).all(1)) },
        scopeMetrics: fields(resourceMetrics)
          .all(2)
          .map((scopeMetrics) => ({
            metrics: fields(scopeMetrics).all(2).map(metric),
          })),
      })),
  });
}

function points({ resourceMetrics }: JsonRequest): Point[] {
  return resourceMetrics.flatMap(({ resource, scopeMetrics }) =>
    scopeMetrics.flatMap(({ metrics }) =>
      metrics.flatMap((one) => {
        const type = one.gauge ? 'gauge' : one.sum ? 'sum' : 'histogram';
        const data = one.gauge ?? one.sum ?? one.histogram ?? one.exponentialHistogram!;
        return data.dataPoints.map((point): Point => ({
          name: one.name,
          unit: one.unit,
          type,
          temporality: (one.sum ?? one.histogram ?? one.exponentialHistogram)?.aggregationTemporality ?? 0,
          monotonic: one.sum?.isMonotonic ?? false,
          resource: record(resource.attributes),
          attributes: record(point.attributes ?? []),
          start: BigInt(point.startTimeUnixNano),
          time: BigInt(point.timeUnixNano),
          ...(point.asDouble === undefined ? {} : { value: point.asDouble }),
          ...(point.count === undefined ? {} : { count: point.count }),
          ...(point.sum === undefined ? {} : { sum: point.sum }),
          ...(point.bucketCounts === undefined ? {} : { buckets: point.bucketCounts }),
          ...(point.explicitBounds === undefined ? {} : { bounds: point.explicitBounds }),
          ...(point.exemplars === undefined || point.exemplars.length === 0
            ? {}
            : { exemplars: point.exemplars }),
          ...(point.scale === undefined ? {} : { exponential: exponential(point) }),
        }));
      }),
    ),
  );
}

function exponential({ scale = 0, zeroCount = 0, positive, negative }: JsonPoint): Exponential {
  const list = (buckets: JsonBuckets = { offset: 0, bucketCounts: [] }) =>
    buckets.bucketCounts
      .map((count, at) => [buckets.offset + at, count] as const)
      .filter(([, count]) => count !== 0);
  return { scale, zeroCount, positive: list(positive), negative: list(negative) };
}

function record(list: readonly KeyValue[]): Record<string, string> {
  return Object.fromEntries(list.map(({ key, value }) => [key, value.stringValue ?? '']));
}

function metric(bytes: Buffer): JsonMetric {
  const read = fields(bytes);
  const data = (field: number, count: number) => {
    const inner = fields(read.all(field)[0]!);
    return {
      dataPoints: inner.all(1).map([numberPoint, histogramPoint, exponentialPoint][count]!),
      aggregationTemporality: inner.number(2),
      isMonotonic: inner.number(3) === 1,
    };
  };
  const named = { name: read.text(1), unit: read.text(3) };
  if (read.has(5)) return { ...named, gauge: { dataPoints: data(5, 0).dataPoints } };
  if (read.has(7)) return { ...named, sum: data(7, 0) };
  return read.has(9) ? { ...named, histogram: data(9, 1) } : { ...named, exponentialHistogram: data(10, 2) };
}

function numberPoint(bytes: Buffer): JsonPoint {
  const read = fields(bytes);
  return {
    startTimeUnixNano: String(read.fixed(2)),
    timeUnixNano: String(read.fixed(3)),
    asDouble: read.double(4),
    attributes: keyValues(read.all(7)),
  };
}

function histogramPoint(bytes: Buffer): JsonPoint {
  const read = fields(bytes);
  const packed = <T>(field: number, item: (from: Buffer) => T): T[] => {
    const [list = Buffer.alloc(0)] = read.all(field);
    return Array.from({ length: list.length / 8 }, (_, at) => item(list.subarray(at * 8)));
  };
  return {
    startTimeUnixNano: String(read.fixed(2)),
    timeUnixNano: String(read.fixed(3)),
    count: Number(read.fixed(4)),
    sum: read.double(5),
    bucketCounts: packed(6, (from) => Number(from.readBigUInt64LE())),
    explicitBounds: packed(7, (from) => from.readDoubleLE()),
    attributes: keyValues(read.all(9)),
    exemplars: read.all(8).map(exemplar),
  };
}

function exponentialPoint(bytes: Buffer): JsonPoint {
  const read = fields(bytes);
  const buckets = (field: number): JsonBuckets => {
    const [list = Buffer.alloc(0)] = read.all(field);
    const inner = fields(list);
    return { offset: zigzag(inner.number(1)), bucketCounts: varints(inner.all(2)[0] ?? Buffer.alloc(0)) };
  };
  return {
    startTimeUnixNano: String(read.fixed(2)),
    timeUnixNano: String(read.fixed(3)),
    count: Number(read.fixed(4)),
    sum: read.double(5),
    scale: zigzag(read.number(6)),
    zeroCount: Number(read.fixed(7)),
    positive: buckets(8),
    negative: buckets(9),
    attributes: keyValues(read.all(1)),
    exemplars: read.all(11).map(exemplar),
  };
}

function exemplar(bytes: Buffer): JsonExemplar {
  const read = fields(bytes);
  return {
    timeUnixNano: String(read.fixed(2)),
    asDouble: read.double(3),
    spanId: read.all(4)[0]!.toString('hex'),
    traceId: read.all(5)[0]!.toString('hex'),
  };
}

function keyValues(list: readonly Buffer[]): KeyValue[] {
  return list.map((one) => {
    const read = fields(one);
    return { key: read.text(1), value: { stringValue: fields(read.all(2)[0]!).text(1) } };
  });
}
