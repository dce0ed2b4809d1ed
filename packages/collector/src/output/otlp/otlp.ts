import type { Decoded, Exemplar, Logger, Rule } from '@afstatsd/core';
import type { BoundMetric } from '@afstatsd/prometheus/parts';
import { OTLPMetricExporterBase } from '@opentelemetry/exporter-metrics-otlp-http';
import {
  convertLegacyHttpOptions,
  createOtlpHttpExportDelegate,
} from '@opentelemetry/otlp-exporter-base/node-http';
import { MetricsExporterMetricsHelper } from '@opentelemetry/otlp-transformer';
import {
  AggregationTemporality,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { type ExpiryTimes, Recording, describedBy, scalesOf } from '@afstatsd/prometheus/parts';
import { shownUrl } from '../../config/store-url.js';
import { type OtlpProtocol, type Temporality, describeResource, environment } from './environment.js';
import { JSON_FORMAT, PROTOBUF } from './exemplars.js';
import { OtlpNaming } from './naming.js';
import type { Output, OutputStats } from '../output.js';
import { RegistryProducer } from './producer.js';
import { StateLog } from './state-log.js';

export interface OtlpOptions {
  /**
   * The receiver, `http://host:4318`; `/v1/metrics` is added unless it is there. Default: `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT`
   * or `OTEL_EXPORTER_OTLP_ENDPOINT`, else http://localhost:4318.
   */
  readonly url?: string | undefined;
  /** Time between exports, in ms. Default 10,000. */
  readonly interval?: number | undefined;
  /** Default: `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`, else `cumulative`. */
  readonly temporality?: Temporality | undefined;
  /** Default: `OTEL_EXPORTER_OTLP_PROTOCOL`, else `http/protobuf`. */
  readonly protocol?: OtlpProtocol | undefined;
  /**
   * Upper bounds of the buckets for timers, in seconds. Default: exponential buckets, or 1 ms to 10 s if
   * `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION` is `explicit_bucket_histogram`.
   */
  readonly bounds?: readonly number[] | undefined;
  /** Upper bounds for DogStatsD's histograms and distributions, in their own unit. The default is 1 to 1,000,000. */
  readonly valueBounds?: readonly number[] | undefined;
  /** Attributes of the resource. They win over `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME`. */
  readonly resource?: Readonly<Record<string, string>> | undefined;
  /** The time without a sample after which a metric of each kind is removed, in ms. Default: never. */
  readonly expire?: ExpiryTimes | undefined;
  readonly maxMetrics?: number | undefined;
  /** Rules that set bounds, unit, description or names of series. Default: only the built-in rules. */
  readonly rules?: readonly Rule[] | undefined;
  readonly logger?: Logger | undefined;
}

/** The two protocols, as in OpenTelemetry's own exporters, but with exemplars. */
const FORMATS = {
  'http/protobuf': { type: 'application/x-protobuf', serializer: PROTOBUF },
  'http/json': { type: 'application/json', serializer: JSON_FORMAT },
} as const;
const COMPONENT = 'otlp_http_metric_exporter';

const DEFAULT_TIMEOUT = 10_000;
/** The shortest timeout of an export, in ms. It holds even at shorter intervals. */
const SHORTEST_TIMEOUT = 1_000;
const SUCCESS = 0;
/**
 * The time after its last value or repeat for which a gauge is exported, in ms. A point has the time of that value. Receivers
 * show a value for about this long. Some refuse a whole export because of a point that is hours old.
 */
const OLDEST_GAUGE_MS = 300_000;

/**
 * Sends metrics to an OpenTelemetry receiver, over HTTP, at intervals. A failed export becomes part of the next one, so that a
 * receiver that was away misses nothing.
 */
export class OtlpOutput implements Output {
  readonly #url: string | undefined;
  readonly #protocol: OtlpProtocol;
  readonly #interval: number;
  readonly #timeout: number;
  readonly #recording: Recording;
  readonly #producer: RegistryProducer;
  readonly #state: StateLog;
  #ticker: NodeJS.Timeout | undefined;
  /** The exporter for the exports at intervals. */
  #exporter: PushMetricExporter | undefined;
  #running: Promise<void> | undefined;
  #sent = 0;
  #errors = 0;
  #closed = false;

  /** @throws TypeError for an option that can't be used. */
  constructor(options: OtlpOptions = {}) {
    this.#url = options.url === undefined ? undefined : metricsUrl(options.url);
    this.#interval = options.interval ?? 10_000;
    this.#protocol = oneOf(
      'protocol',
      options.protocol,
      ['http/protobuf', 'http/json'],
      environment.protocol,
    );
    this.#timeout = Math.max(
      SHORTEST_TIMEOUT,
      Math.min(this.#interval, environment.timeout ?? DEFAULT_TIMEOUT),
    );
    const temporality = oneOf(
      'temporality',
      options.temporality,
      ['cumulative', 'delta'],
      environment.temporality,
    );
    const describeSeries = describedBy(options.rules);
    this.#recording = new Recording(scalesOf({ ...options, exponential: environment.exponential }), {
      ...options,
      describe: describeSeries,
    });
    this.#producer = new RegistryProducer(this.#recording, new OtlpNaming(describeSeries), {
      describe: describeSeries,
      oldest: OLDEST_GAUGE_MS,
      resource: describeResource(options.resource ?? {}),
      temporality: temporality === 'delta' ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE,
    });
    this.#state = new StateLog(this.#name, options.logger);
  }

  async start(): Promise<void> {
    this.#recording.start(() => this.#producer.compact());
    this.#exporter = this.#makeExporter(this.#timeout);
    this.#ticker = setInterval(() => {
      if (this.#exporter !== undefined) void this.#export(this.#exporter);
    }, this.#interval).unref();
  }

  ingest(metric: Decoded): void {
    this.#producer.ingest(metric);
  }

  ingestExemplar(metric: Decoded, exemplar: Exemplar): void {
    this.#producer.addExemplar(metric, exemplar);
  }

  bind(metric: Decoded): BoundMetric | undefined {
    return this.#producer.bind(metric);
  }

  async flush(timeout: number): Promise<void> {
    const end = performance.now() + timeout;
    await settledWithin(this.#running, timeout);
    const left = end - performance.now();
    if (this.#running !== undefined || left <= 0) return;
    // The last export has an exporter of its own, because an exporter keeps trying until its timeout.
    const exporter = this.#makeExporter(Math.max(1, left));
    await settledWithin(this.#export(exporter), left);
    void exporter.shutdown();
  }

  async close(timeout: number): Promise<void> {
    clearInterval(this.#ticker);
    if (this.#closed) return;
    this.#closed = true;
    await this.flush(timeout);
    void this.#exporter?.shutdown();
    this.#recording.close();
  }

  wants(): number {
    return this.#interval;
  }

  stats(): OutputStats {
    const { recorded, dropped } = this.#recording.counts;
    const ended = this.#closed ? recorded - dropped - this.#sent : 0;
    return {
      name: this.#name,
      ...this.#recording.size,
      recorded,
      sent: this.#sent,
      dropped: { cardinality: dropped, ended },
      errors: this.#errors,
    };
  }

  get #name(): string {
    const where = this.#url === undefined ? 'as OTEL_EXPORTER_OTLP_ENDPOINT says' : shownUrl(this.#url);
    return `otlp ${where} (${this.#protocol})`;
  }

  #makeExporter(timeoutMillis: number): PushMetricExporter {
    const options = { timeoutMillis, ...(this.#url === undefined ? {} : { url: this.#url }) };
    const { type, serializer } = FORMATS[this.#protocol];
    // This is how OpenTelemetry's exporters read their settings. There is no other way to those of the environment.
    // oxlint-disable-next-line typescript/no-deprecated -- it has no successor in 0.223
    const http = convertLegacyHttpOptions(options, 'METRICS', 'v1/metrics', { 'Content-Type': type });
    const helper = MetricsExporterMetricsHelper;
    const delegate = createOtlpHttpExportDelegate(http, serializer, COMPONENT, helper, undefined);
    return new OTLPMetricExporterBase(delegate, options);
  }

  /** Exports, or waits for the export under way. Never rejects. */
  #export(exporter: PushMetricExporter): Promise<void> {
    this.#running ??= this.#exportOnce(exporter).finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #exportOnce(exporter: PushMetricExporter): Promise<void> {
    for (const set of this.#recording.sets()) set.roll();
    const { recorded, dropped } = this.#recording.counts;
    const { resourceMetrics } = await this.#producer.collect();
    const error = hasPoints(resourceMetrics) ? await exportTo(exporter, resourceMetrics) : undefined;
    if (error === undefined) {
      this.#producer.exported();
      this.#sent = recorded - dropped;
      this.#state.worked();
    } else {
      for (const set of this.#recording.sets()) set.restore();
      this.#errors++;
      this.#state.failed(error.message);
    }
  }
}

function hasPoints({ scopeMetrics }: ResourceMetrics): boolean {
  return scopeMetrics.some(({ metrics }) => metrics.length > 0);
}

/** Exports metrics. Resolves to the error, or to undefined. */
function exportTo(exporter: PushMetricExporter, metrics: ResourceMetrics): Promise<Error | undefined> {
  return new Promise((resolve) => {
    try {
      exporter.export(metrics, ({ code, error }) => {
        resolve(
          (code as number) === SUCCESS ? undefined : (error ?? new Error('the exporter gives no reason')),
        );
      });
    } catch (error) {
      resolve(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

async function settledWithin(promise: Promise<void> | undefined, ms: number): Promise<void> {
  if (promise === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([promise, new Promise((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}

/** The address that metrics are sent to. */
function metricsUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new TypeError(
      'option url must be an address such as http://host:4318; it is not shown, because it may hold a secret',
    );
  }
  if (!url.pathname.endsWith('/v1/metrics')) url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/metrics`;
  return url.href;
}

function oneOf<T extends string>(
  option: string,
  value: T | undefined,
  values: readonly [T, ...T[]],
  otherwise: T | undefined,
): T {
  if (value === undefined) return otherwise ?? values[0];
  if (values.includes(value)) return value;
  throw new TypeError(`option ${option} must be ${values.join(' or ')}; it is ${JSON.stringify(value)}`);
}
