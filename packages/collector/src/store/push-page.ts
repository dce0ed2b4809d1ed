import type { Decoded, Logger, Rule, Tag } from '@afstatsd/core';
import {
  type Attributes,
  type BoundMetric,
  type Describe,
  describedBy,
  type ExpiryTimes,
  FirstZeros,
  PageFamilies,
  PrometheusNaming,
  type Chunk,
  inGzip,
  Slices,
  textPage,
  type Recorded,
  Recording,
  scalesOf,
} from '@afstatsd/prometheus/parts';
import { allTags } from './names.js';

export interface PushPageOptions {
  readonly bounds: readonly number[] | undefined;
  readonly rules: readonly Rule[] | undefined;
  readonly maxMetrics: number;
  readonly expire: ExpiryTimes;
  readonly globalTags: readonly Tag[];
  readonly logger: Logger;
}

/** A page for the store. */
export interface RenderedPage {
  /** The page, in gzip. */
  readonly body: Buffer;
  readonly number: number;
  /** The number of series that the page shows as 0, because the store hasn't had them before. */
  readonly fresh: number;
}

/** The time in which a set counts distinct members, in ms, as on Prometheus' page. */
const SET_WINDOW_MS = 60_000;
/** The time for `FirstZeros`. It stands still, so that a series stays at 0 until the store has had that 0. */
const NO_TIME = 0;

/** Makes pages of Prometheus' text format from the records. They have totals. A new series is 0 first. */
export class PushPage {
  readonly #recording: Recording;
  readonly #families: PageFamilies;
  readonly #slices = new Slices();
  readonly #zeros = new FirstZeros<Recorded>();
  /** The number of series that have appeared since the store took a page. */
  #fresh = 0;
  /** The number of the last page that the store has taken. */
  #taken = 0;
  #windows: NodeJS.Timeout | undefined;

  constructor({ globalTags, ...options }: PushPageOptions) {
    const describeSeries = describedBy(options.rules);
    this.#recording = new Recording(scalesOf({ ...options, exponential: false }), {
      ...options,
      describe: describeSeries,
    });
    this.#families = new PageFamilies(new NamingWithTags(globalTags, describeSeries), describeSeries);
  }

  start(): void {
    this.#recording.start(() => this.#families.compact());
    this.#windows = setInterval(() => {
      for (const set of this.#recording.sets()) set.roll();
    }, SET_WINDOW_MS).unref();
  }

  ingest(metric: Decoded): void {
    const added = this.#recording.ingest(metric);
    if (added === undefined) return;
    this.#families.add(added);
    if (added.kind === 'gauge' || added.kind === 'set') return;
    this.#fresh++;
    this.#zeros.appeared(added, NO_TIME);
  }

  bind(metric: Decoded): BoundMetric | undefined {
    return this.#recording.bind(metric);
  }

  /** Makes a page of the current values. It is written in slices, and compressed in zlib's thread. */
  async render(): Promise<RenderedPage> {
    const number = this.#zeros.beginPage(this.#taken, NO_TIME);
    const fresh = this.#fresh;
    const chunks = inGzip(
      this.#slices.divided(textPage(this.#families, { format: 'text', isHolding: true })),
    );
    return { body: await joined(chunks), number, fresh };
  }

  /** Notes that the store has taken a page. */
  taken({ number, fresh }: RenderedPage): void {
    this.#taken = number;
    this.#fresh -= fresh;
  }

  /** The number of samples so far, and of those whose metrics found no room. */
  get counts(): { recorded: number; dropped: number } {
    return this.#recording.counts;
  }

  /** The number of metrics that it holds, and the most that it may hold. */
  get size(): { held: number; maxMetrics: number } {
    return this.#recording.size;
  }

  close(): void {
    clearInterval(this.#windows);
    this.#recording.close();
  }
}

async function joined(chunks: AsyncGenerator<Chunk>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const { bytes } of chunks) all.push(bytes);
  return Buffer.concat(all);
}

/** Prometheus' names, with the global tags. */
class NamingWithTags extends PrometheusNaming {
  readonly #globalTags: readonly Tag[];

  constructor(globalTags: readonly Tag[], describeSeries: Describe) {
    super('', describeSeries);
    this.#globalTags = globalTags;
  }

  override attributes(family: string, tags: readonly Tag[]): Attributes {
    return super.attributes(family, allTags(tags, this.#globalTags));
  }

  override releaseSeries(family: string, tags: readonly Tag[]): void {
    super.releaseSeries(family, allTags(tags, this.#globalTags));
  }
}
