import type { Decoded, Logger, Tag } from '@afstatsd/core';
import type { Attributes } from '@opentelemetry/api';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import type { ExpiryTimes } from '../config/expiry.js';
import { FirstZeros } from '../output/first-zero.js';
import { RegistryProducer } from '../output/producer.js';
import { PrometheusNaming } from '../output/prometheus-naming.js';
import { Recording } from '../output/recording.js';
import type { Series } from '../output/series.js';
import { allTags } from './names.js';

export interface PushPageOptions {
  readonly bounds: readonly number[] | undefined;
  readonly maxMetrics: number;
  readonly expire: ExpiryTimes;
  readonly globalTags: readonly Tag[];
  readonly logger: Logger;
}

/** The time in which a set counts distinct members, in ms, as on Prometheus' page. */
const SET_WINDOW_MS = 60_000;
/** A series stays at 0 until the store has had that 0, however long the store is away. So no time passes for `FirstZeros`. */
const NO_TIME = 0;

/** What was recorded as a page of Prometheus' text format: totals, in which a new series is 0 first. */
export class PushPage {
  readonly #recording: Recording;
  readonly #producer: RegistryProducer;
  // About the scope and the target there is nothing to say: the metrics are those of other programs.
  readonly #serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  readonly #zeros = new FirstZeros<Series>();
  /** The number of the last page that the store has taken. */
  #taken = 0;
  #windows: NodeJS.Timeout | undefined;

  constructor({ globalTags, ...options }: PushPageOptions) {
    this.#recording = new Recording(options);
    this.#producer = new RegistryProducer(this.#recording, new NamingWithTags(globalTags), options);
  }

  start(): void {
    this.#producer.start();
    this.#windows = setInterval(() => void this.#recording.sets.roll(), SET_WINDOW_MS).unref();
  }

  ingest(metric: Decoded): void {
    const added = this.#producer.ingest(metric);
    if (added?.isTotal === true) this.#zeros.appeared(added, NO_TIME);
  }

  /** The page as it stands, and whether it shows series as 0 that aren't. */
  async render(): Promise<{ readonly text: string; readonly number: number; readonly hasZeros: boolean }> {
    const number = this.#zeros.beginPage(this.#taken, NO_TIME);
    let hasZeros = false;
    const { resourceMetrics } = await this.#producer.collect({
      asZero: (series) => {
        const isHeld = this.#zeros.holds(series);
        hasZeros ||= isHeld;
        return isHeld;
      },
    });
    const text = this.#serializer.serialize(resourceMetrics);
    // Without metrics it is a remark, which needs an end.
    return { text: text.endsWith('\n') ? text : `${text}\n`, number, hasZeros };
  }

  /** Notes that the store has a page. */
  taken(number: number): void {
    this.#taken = number;
  }

  /** Samples so far, and those for whose metrics there was no room. */
  get counts(): { recorded: number; dropped: number } {
    return this.#recording.counts;
  }

  async close(): Promise<void> {
    clearInterval(this.#windows);
    await this.#recording.close();
  }
}

/** The names of Prometheus, with the tags that everything has. */
class NamingWithTags extends PrometheusNaming {
  readonly #globalTags: readonly Tag[];

  constructor(globalTags: readonly Tag[]) {
    super();
    this.#globalTags = globalTags;
  }

  override attributes(family: string, tags: readonly Tag[]): Attributes {
    return super.attributes(family, allTags(tags, this.#globalTags));
  }
}
