import { type Fields, fields, varints, zigzag } from '@afstatsd/testing';

type Entries = readonly (readonly [index: number, count: number])[];

/** One series of an exposition in protobuf. */
export interface FamilyMetric {
  readonly labels: Readonly<Record<string, string>>;
  readonly value?: number;
  readonly count?: number;
  readonly sum?: number;
  /** Upper bounds, and how many values are at or below them. */
  readonly buckets?: Entries;
  readonly native?: {
    readonly schema: number;
    readonly zeroThreshold: number;
    readonly zeroCount: number;
    readonly positive: Entries;
    readonly negative: Entries;
  };
  /** In ms since 1970. */
  readonly created?: number;
}

export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: number;
  readonly unit: string;
  readonly metrics: readonly FamilyMetric[];
}

/**
 * Reads messages `io.prometheus.client.MetricFamily`, each with its length before it.
 *
 * @see https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto
 */
export function readMetricFamilies(bytes: Buffer): MetricFamily[] {
  const families: MetricFamily[] = [];
  for (let at = 0; at < bytes.length;) {
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      length += (byte & 127) * 2 ** shift;
      if (byte < 128) break;
    }
    if (at + length > bytes.length) throw new Error('a message is cut');
    families.push(family(fields(bytes.subarray(at, at + length))));
    at += length;
  }
  return families;
}

function family(read: Fields): MetricFamily {
  const metrics = read.all(4).map((one) => metric(fields(one)));
  return { name: read.text(1), help: read.text(2), type: read.number(3), unit: read.text(5), metrics };
}

function metric(read: Fields): FamilyMetric {
  const labels = Object.fromEntries(
    read.all(1).map((pair) => [fields(pair).text(1), fields(pair).text(2)] as const),
  );
  if (read.has(7)) return { labels, ...histogram(fields(read.all(7)[0]!)) };
  const number = fields(read.all(read.has(3) ? 3 : 2)[0]!);
  return { labels, value: number.double(1), ...created(number, 3) };
}

function histogram(read: Fields): Omit<FamilyMetric, 'labels'> {
  const buckets = read.all(3).map((one) => [fields(one).double(2), fields(one).number(1)] as const);
  const native = {
    schema: zigzag(read.number(5)),
    zeroThreshold: read.double(6),
    zeroCount: read.number(7),
    positive: entries(read, 12, 13),
    negative: entries(read, 9, 10),
  };
  return {
    count: read.number(1),
    sum: read.double(2),
    buckets,
    ...(read.has(6) ? { native } : {}),
    ...created(read, 15),
  };
}

function entries(read: Fields, spans: number, deltas: number): Entries {
  const differences = varints(read.all(deltas)[0] ?? Buffer.alloc(0)).map(zigzag);
  const found: [number, number][] = [];
  let [index, count, at] = [0, 0, 0];
  for (const one of read.all(spans)) {
    const span = fields(one);
    index += zigzag(span.number(1));
    for (let left = span.number(2); left > 0; left--, index++) {
      count += differences[at++]!;
      if (count > 0) found.push([index, count]);
    }
  }
  if (at !== differences.length) throw new Error('spans and differences are not as long');
  return found;
}

function created(read: Fields, field: number): { created?: number } {
  if (!read.has(field)) return {};
  const time = fields(read.all(field)[0]!);
  return { created: time.number(1) * 1000 + time.number(2) / 1e6 };
}
