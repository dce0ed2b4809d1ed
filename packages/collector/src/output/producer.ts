import type { AggregateView, Decoded } from '@afstatsd/core';
import { type HrTime, ValueType } from '@opentelemetry/api';
import { type Resource, emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricCollectOptions,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import { VALUE_BOUNDS, TIMER_BOUNDS, checkBounds, inMilliseconds } from './histogram-bounds.js';
import { type Naming, type SeriesKind, kindOf } from './naming.js';
import type { Recording } from './recording.js';
import { type Family, type Reading, type Scale, Series } from './series.js';

export interface ProducerOptions {
  /** Whether counters and histograms are totals since the start, or what was added since the last export. */
  readonly temporality?: AggregationTemporality;
  readonly resource?: Resource;
  /** Upper bounds of the buckets for timers, in seconds. */
  readonly bounds?: readonly number[] | undefined;
  /** The same for DogStatsD's histograms and distributions, in their own unit. */
  readonly valueBounds?: readonly number[] | undefined;
  /** A gauge that was set longer ago than this, in ms, is left out. Default: none is. */
  readonly oldest?: number | undefined;
}

export interface CollectOptions extends MetricCollectOptions {
  /** Whether a total is to be read as 0, whatever its value. Default: none is. */
  readonly asZero?: (series: Series) => boolean;
}

type View = Pick<AggregateView, 'name' | 'tags'>;

/** Gives the exporters of OpenTelemetry what was recorded, as it stands. There are no instruments in between. */
export class RegistryProducer implements MetricProducer {
  readonly #recording: Recording;
  readonly #naming: Naming;
  readonly #temporality: AggregationTemporality;
  readonly #resource: Resource;
  readonly #timers: Scale;
  readonly #values: Scale;
  readonly #oldest: number;
  readonly #families = new Map<string, Family>();
  readonly #series = new WeakMap<View, Series>();
  #collected: readonly Series[] = [];
  /** In ms since 1970. */
  #collectedAt: number;

  /** @throws TypeError for bounds that can't be used. */
  constructor(recording: Recording, naming: Naming, options: ProducerOptions = {}) {
    this.#recording = recording;
    this.#collectedAt = recording.began;
    this.#naming = naming;
    this.#temporality = options.temporality ?? AggregationTemporality.CUMULATIVE;
    this.#resource = options.resource ?? emptyResource();
    this.#oldest = options.oldest ?? Infinity;
    const seconds = checkBounds('bounds', options.bounds ?? TIMER_BOUNDS);
    const values = checkBounds('valueBounds', options.valueBounds ?? VALUE_BOUNDS);
    this.#timers = { bounds: seconds, recorded: seconds.map(inMilliseconds), factor: 1 / 1000 };
    this.#values = { bounds: values, recorded: values, factor: 1 };
  }

  /**
   * Records a metric that came in. A new series gets its name at once, so that the first one has the choice.
   *
   * @returns The series, if this is its first sample.
   */
  ingest(metric: Decoded): Series | undefined {
    const view = this.#recording.ingest(metric);
    return view && this.#add(kindOf(metric), view);
  }

  collect({ asZero = () => false }: CollectOptions = {}): Promise<CollectionResult> {
    const metrics = [...this.#read(asZero).values()].filter(({ dataPoints }) => dataPoints.length > 0);
    const scopeMetrics = [{ scope: { name: '@afstatsd/collector' }, metrics }];
    return Promise.resolve({ resourceMetrics: { resource: this.#resource, scopeMetrics }, errors: [] });
  }

  /** Begins to let go of series that are idle. */
  start(): void {
    this.#recording.start((view) => this.#series.delete(view));
  }

  /** Notes that what was collected last has been passed on: only now does the next delta begin. */
  exported(): void {
    for (const series of this.#collected) series.exported(this.#collectedAt);
  }

  #read(asZero: (series: Series) => boolean): Map<Family, MetricData> {
    const metrics = new Map<Family, MetricData>();
    const collected: Series[] = [];
    const now = Date.now();
    // A series that appears from now on was 0 at this time, so it begins here. The next collection has to be later.
    this.#collectedAt = now === this.#collectedAt ? now + 1 : now;
    for (const recorded of this.#recording.all()) {
      const { kind, view } = recorded;
      const series = this.#series.get(view) ?? this.#add(kind, view);
      const { family } = series;
      const reading = asZero(series) ? series.zero : series.read(recorded);
      let metric = metrics.get(family);
      if (metric === undefined) metrics.set(family, (metric = this.#metric(family)));
      this.#addPoint(metric, series, reading, this.#timeOf(view));
      collected.push(series);
    }
    this.#collected = collected;
    return metrics;
  }

  /** The time of a metric's value: of a gauge that is when it was set, or repeated. */
  #timeOf(view: AggregateView): number {
    return view.kind === 'gauge' ? Math.min(view.time, this.#collectedAt) : this.#collectedAt;
  }

  #addPoint(metric: MetricData, series: Series, reading: Reading, end: number): void {
    if (this.#collectedAt - end > this.#oldest) return;
    const total = typeof reading === 'number' ? reading : series.total(reading);
    const isDelta =
      metric.dataPointType !== DataPointType.GAUGE &&
      metric.aggregationTemporality === AggregationTemporality.DELTA;
    const value = isDelta ? series.added : total;
    if (value === undefined) return;
    (metric.dataPoints as DataPoint<number | Histogram>[]).push({
      startTime: hrTime(isDelta ? series.exportedBefore(end) : series.beganBefore(end)),
      endTime: hrTime(end),
      attributes: series.attributes,
      value,
    });
  }

  #metric({ kind, descriptor }: Family): MetricData {
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
      case 'histogram':
        return { descriptor, aggregationTemporality, dataPointType: DataPointType.HISTOGRAM, dataPoints: [] };
    }
  }

  #add(kind: SeriesKind, view: View): Series {
    const family = this.#family(kind, view.name);
    const attributes = this.#naming.attributes(family.descriptor.name, view.tags);
    const scale = kind === 'timer' ? this.#timers : this.#values;
    const series = new Series(family, attributes, scale, this.#collectedAt);
    this.#series.set(view, series);
    return series;
  }

  #family(kind: SeriesKind, name: string): Family {
    const key = `${kind}:${name}`;
    let family = this.#families.get(key);
    if (family === undefined) {
      const descriptor = {
        name: this.#naming.family(kind, name),
        description: `StatsD ${DESCRIBED[kind]} ${name}`,
        unit: this.#naming.unit(kind),
        valueType: ValueType.DOUBLE,
      };
      this.#families.set(key, (family = { kind, descriptor }));
    }
    return family;
  }
}

const DESCRIBED: Readonly<Record<SeriesKind, string>> = {
  counter: 'counter',
  decrements: 'decrements of counter',
  gauge: 'gauge',
  timer: 'timer',
  histogram: 'histogram',
  set: 'distinct members of set',
};

function hrTime(ms: number): HrTime {
  return [Math.floor(ms / 1000), (ms % 1000) * 1_000_000];
}
