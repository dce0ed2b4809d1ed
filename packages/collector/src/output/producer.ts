import type { Decoded } from '@afstatsd/core';
import { type HrTime, ValueType } from '@opentelemetry/api';
import { type Resource, emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import { VALUE_BOUNDS, TIMER_BOUNDS, checkBounds, inMilliseconds } from './histogram-bounds.js';
import { type Naming, type SeriesKind, kindOf } from './naming.js';
import type { Recording } from './recording.js';
import { type HistogramReading, type Scale, Series } from './series.js';

export interface ProducerOptions {
  /** Whether counters and histograms are totals since the start, or what was added since the last export. */
  readonly temporality?: AggregationTemporality;
  readonly resource?: Resource;
  /** Upper bounds of the buckets for timers, in seconds. */
  readonly bounds?: readonly number[] | undefined;
  /** The same for DogStatsD's histograms and distributions, in their own unit. */
  readonly valueBounds?: readonly number[] | undefined;
}

/** All series of one kind and raw name. */
interface Family {
  readonly kind: SeriesKind;
  readonly descriptor: MetricData['descriptor'];
}

/** Gives the exporters of OpenTelemetry what was recorded, as it stands. There are no instruments in between. */
export class RegistryProducer implements MetricProducer {
  readonly #recording: Recording;
  readonly #naming: Naming;
  readonly #temporality: AggregationTemporality;
  readonly #resource: Resource;
  readonly #timers: Scale;
  readonly #values: Scale;
  readonly #families = new Map<string, Family>();
  readonly #series = new WeakMap<object, { readonly family: Family; readonly series: Series }>();
  #announced = 0;
  #collected: readonly Series[] = [];
  #collectedAt = 0;

  /** @throws TypeError for bounds that can't be used. */
  constructor(recording: Recording, naming: Naming, options: ProducerOptions = {}) {
    this.#recording = recording;
    this.#naming = naming;
    this.#temporality = options.temporality ?? AggregationTemporality.CUMULATIVE;
    this.#resource = options.resource ?? emptyResource();
    const seconds = checkBounds('bounds', options.bounds ?? TIMER_BOUNDS);
    const values = checkBounds('valueBounds', options.valueBounds ?? VALUE_BOUNDS);
    this.#timers = { bounds: seconds, recorded: seconds.map(inMilliseconds), factor: 1 / 1000 };
    this.#values = { bounds: values, recorded: values, factor: 1 };
  }

  /**
   * Gives a metric that came in its name at once: the first one has the choice. Those that are not announced get theirs when
   * they are collected, in core's order.
   */
  announce(metric: Decoded): void {
    const { name } = metric;
    const kind = kindOf(metric);
    if (this.#announced >= MAX_ANNOUNCED || this.#families.has(`${kind}:${name}`)) return;
    if (name === '' || CLEANED_BY_CORE.test(name)) return;
    this.#announced++;
    this.#family(kind, name);
  }

  collect(): Promise<CollectionResult> {
    const metrics = [...this.#read().values()].filter(({ dataPoints }) => dataPoints.length > 0);
    const scopeMetrics = [{ scope: { name: '@afstatsd/collector' }, metrics }];
    return Promise.resolve({ resourceMetrics: { resource: this.#resource, scopeMetrics }, errors: [] });
  }

  /** Notes that what was collected last has been passed on: only now does the next delta begin. */
  exported(): void {
    for (const series of this.#collected) series.exported(this.#collectedAt);
  }

  #read(): Map<Family, MetricData> {
    const metrics = new Map<Family, MetricData>();
    const collected: Series[] = [];
    this.#collectedAt = Date.now();
    for (const recorded of this.#recording.all()) {
      const { family, series } = this.#seriesOf(recorded.kind, recorded.view);
      const reading = series.read(recorded);
      let metric = metrics.get(family);
      if (metric === undefined) metrics.set(family, (metric = this.#metric(family)));
      this.#addPoint(metric, series, reading);
      collected.push(series);
    }
    this.#collected = collected;
    return metrics;
  }

  #addPoint(metric: MetricData, series: Series, reading: number | HistogramReading): void {
    const total = typeof reading === 'number' ? reading : series.total(reading);
    const isDelta =
      metric.dataPointType !== DataPointType.GAUGE &&
      metric.aggregationTemporality === AggregationTemporality.DELTA;
    const value = isDelta ? series.added : total;
    if (value === undefined) return;
    (metric.dataPoints as DataPoint<number | Histogram>[]).push({
      startTime: hrTime(isDelta ? series.exportedAt : this.#recording.began),
      endTime: hrTime(this.#collectedAt),
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

  #seriesOf(
    kind: SeriesKind,
    view: { name: string; tags: Parameters<Naming['attributes']>[1] },
  ): { readonly family: Family; readonly series: Series } {
    let found = this.#series.get(view);
    if (found === undefined) {
      const family = this.#family(kind, view.name);
      const attributes = this.#naming.attributes(family.descriptor.name, view.tags);
      const scale = kind === 'timer' ? this.#timers : this.#values;
      found = { family, series: new Series(attributes, scale, this.#recording.began) };
      this.#series.set(view, found);
    }
    return found;
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

/** Core refuses metrics past its limits, but these are named before. */
const MAX_ANNOUNCED = 10_000;
/** Names with such characters are others once they are recorded. */
const CLEANED_BY_CORE = /[:|@\p{Cc}\p{Cs}]/u;

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
