import type { Decoded, Exemplar } from '@afstatsd/core';
import type { BoundMetric } from '@afstatsd/prometheus/parts';
import { type HrTime, ValueType } from '@opentelemetry/api';
import { type Resource, emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import {
  type Describe,
  type SeriesKind,
  HistogramRecord,
  type Recorded,
  type Recording,
  partsOf,
  type Naming,
  describeFamily,
} from '@afstatsd/prometheus/parts';
import type { WithExemplars } from './exemplars.js';
import { type Family, type Point, type Reading, Series } from './series.js';

export interface ProducerOptions {
  /** Whether counters and histograms are totals since the start, or increases since the last export. */
  readonly temporality?: AggregationTemporality;
  readonly resource?: Resource;
  /** Returns the description of a series by rules. Default: no description. */
  readonly describe?: Describe;
  /** The age from which a gauge is left out, in ms. Default: none is left out. */
  readonly oldest?: number | undefined;
}

/** Gives the records to OpenTelemetry's exporters directly, without its instruments. */
export class RegistryProducer implements MetricProducer {
  readonly #recording: Recording;
  readonly #naming: Naming;
  readonly #describe: Describe;
  readonly #temporality: AggregationTemporality;
  readonly #resource: Resource;
  readonly #oldest: number;
  readonly #families = new Map<string, Family>();
  readonly #series = new WeakMap<Recorded, Series>();
  #collected: readonly Series[] = [];
  /** The time of the last collection, in ms since 1970. */
  #collectedAt: number;

  constructor(recording: Recording, naming: Naming, options: ProducerOptions = {}) {
    this.#recording = recording;
    this.#collectedAt = recording.began;
    this.#naming = naming;
    this.#describe = options.describe ?? ((): object => ({}));
    this.#temporality = options.temporality ?? AggregationTemporality.CUMULATIVE;
    this.#resource = options.resource ?? emptyResource();
    this.#oldest = options.oldest ?? Infinity;
  }

  /** Records a metric. A new series gets its name at once, so that the first of two similar series keeps its name. */
  ingest(metric: Decoded): void {
    const record = this.#recording.ingest(metric);
    if (record !== undefined) this.add(record);
  }

  /** Takes an exemplar of a metric that came in before. */
  addExemplar(metric: Decoded, exemplar: Exemplar): void {
    this.#recording.addExemplar(metric, exemplar);
  }

  bind(metric: Decoded): BoundMetric | undefined {
    return this.#recording.bind(metric);
  }

  collect(): Promise<CollectionResult> {
    const metrics = [...this.#read().values()].filter(({ dataPoints }) => dataPoints.length > 0);
    const scopeMetrics = [{ scope: { name: '@afstatsd/collector' }, metrics }];
    return Promise.resolve({ resourceMetrics: { resource: this.#resource, scopeMetrics }, errors: [] });
  }

  /** Notes that the last collection was exported. The next delta begins only now, because a failed export isn't lost. */
  exported(): void {
    for (const series of this.#collected) series.exported(this.#collectedAt);
  }

  /** Removes families without metrics, and frees their names. */
  compact(): void {
    const live = new Set<Family>();
    for (const record of this.#recording.all()) {
      const series = this.#series.get(record);
      if (series !== undefined) live.add(series.family);
    }
    for (const [key, family] of this.#families) {
      if (live.has(family)) continue;
      this.#families.delete(key);
      this.#naming.releaseFamily(family.kind, family.descriptor.name);
    }
  }

  #read(): Map<Family, MetricData> {
    const metrics = new Map<Family, MetricData>();
    const collected: Series[] = [];
    const now = Date.now();
    // A later series was 0 at this time, so it begins here. The next collection has to be later than this.
    this.#collectedAt = now === this.#collectedAt ? now + 1 : now;
    for (const record of this.#recording.all()) {
      const series = this.#series.get(record) ?? this.add(record);
      const { family } = series;
      const reading = series.read(record);
      let metric = metrics.get(family);
      if (metric === undefined) metrics.set(family, (metric = this.#metric(family, reading)));
      this.#addPoint(metric, series, reading, this.#timeOf(record));
      collected.push(series);
    }
    this.#collected = collected;
    return metrics;
  }

  /** The time of a metric's value. For a gauge it is the time at which the gauge was set or repeated. */
  #timeOf(record: Recorded): number {
    return record.kind === 'gauge' ? Math.min(record.time, this.#collectedAt) : this.#collectedAt;
  }

  #addPoint(metric: MetricData, series: Series, reading: Reading, end: number): void {
    if (this.#collectedAt - end > this.#oldest) return;
    const total = typeof reading === 'number' ? reading : series.total(reading);
    const isDelta =
      metric.dataPointType !== DataPointType.GAUGE &&
      metric.aggregationTemporality === AggregationTemporality.DELTA;
    const value = isDelta ? series.added : total;
    if (value === undefined) return;
    const { exemplars } = series;
    (metric.dataPoints as (DataPoint<number | Point> & WithExemplars)[]).push({
      startTime: hrTime(isDelta ? series.exportedBefore(end) : series.beganBefore(end)),
      endTime: hrTime(end),
      attributes: series.attributes,
      value,
      ...(exemplars.length > 0 && { exemplars }),
    });
  }

  #metric({ kind, descriptor }: Family, reading: Reading): MetricData {
    const aggregationTemporality = this.#temporality;
    switch (kind) {
      case 'counter':
      case 'decrements': {
        const dataPointType = DataPointType.SUM;
        return { descriptor, aggregationTemporality, dataPointType, isMonotonic: true, dataPoints: [] };
      }
      case 'gauge':
      case 'set':
        return { descriptor, aggregationTemporality, dataPointType: DataPointType.GAUGE, dataPoints: [] };
      case 'timer':
      case 'histogram': {
        const isExponential = typeof reading !== 'number' && reading.exponential !== undefined;
        const dataPointType = isExponential ? DataPointType.EXPONENTIAL_HISTOGRAM : DataPointType.HISTOGRAM;
        return { descriptor, aggregationTemporality, dataPointType, dataPoints: [] };
      }
    }
  }

  /** Takes a new record. */
  add(record: Recorded): Series {
    const { kind, key } = record;
    const { name, tags } = partsOf(key);
    const family = this.#family(kind, name);
    const attributes = this.#naming.attributes(family.descriptor.name, tags);
    const bounds = record instanceof HistogramRecord ? record.scale.bounds : [];
    const series = new Series(family, attributes, bounds, this.#collectedAt);
    this.#series.set(record, series);
    return series;
  }

  #family(kind: SeriesKind, name: string): Family {
    const key = `${kind}:${name}`;
    let family = this.#families.get(key);
    if (family === undefined) {
      const { help = describeFamily(kind, name), unit = this.#naming.unit(kind) } = this.#describe(
        kind,
        name,
      );
      const descriptor = {
        name: this.#naming.family(kind, name),
        description: help,
        unit,
        valueType: ValueType.DOUBLE,
      };
      this.#families.set(key, (family = { kind, descriptor }));
    }
    return family;
  }
}

function hrTime(ms: number): HrTime {
  return [Math.floor(ms / 1000), (ms % 1000) * 1_000_000];
}
