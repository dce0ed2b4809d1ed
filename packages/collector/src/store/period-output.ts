import type { AggregateView, Decoded } from '@afstatsd/core';
import type { ExpiryTimes } from '@afstatsd/prometheus/parts';
import type { Log } from '../log.js';
import type { Output, OutputStats } from '../output/output.js';
import type { Outcome } from './outcome.js';
import { PeriodRecording } from './period-recording.js';
import { CLOCKS, type Clocks, type Period, Periods } from './periods.js';
import { Sender } from './sender.js';
import { settledWithin } from './settled-within.js';

/** The options of every output to a store. */
export interface StoreOptions {
  /** The length of a period, in ms. At least 1,000. */
  readonly interval: number;
  readonly maxMetrics: number;
  /** The time without a sample after which a gauge is removed, in ms. */
  readonly expire: ExpiryTimes;
  /** The most that may wait for the store, in bytes. */
  readonly maxBuffer: number;
  /** Tags of all metrics that are sent. A metric's own tag of the same key wins. */
  readonly globalTags: readonly (readonly [string, string])[];
  readonly log: Log;
  readonly clocks?: Clocks | undefined;
  readonly random?: (() => number) | undefined;
}

/** The functions that write to one kind of store. */
export interface Store {
  /** The name for people: `graphite tcp://127.0.0.1:2003`. */
  readonly name: string;
  /**
   * Gives a metric a name and tags that the store allows. This comes before adding up, because several metrics may get the same
   * ones, and the store would keep only one of them.
   */
  readonly normalise: (metric: Decoded) => Decoded;
  /** A metric as lines, each with its newline. */
  readonly lines: (metric: AggregateView, period: Period) => string;
  /** Makes a body of lines. */
  readonly encode: (lines: string) => Promise<Buffer>;
  readonly send: (body: Buffer, signal: AbortSignal) => Promise<Outcome>;
}

/** The length of a batch, in characters. Most proxies take 1 MB. A short batch is better, because a failed one is sent again. */
const BATCH_LENGTH = 500_000;

/** Writes the metrics of each period to a store. */
export class PeriodOutput implements Output {
  readonly #store: Store;
  readonly #options: StoreOptions;
  readonly #recording: PeriodRecording;
  readonly #sender: Sender;
  #periods: Periods;
  #timer: NodeJS.Timeout | undefined;
  /** The writing of the last period. */
  #turn: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(store: Store, options: StoreOptions) {
    this.#store = store;
    this.#options = options;
    const { maxMetrics, expire, maxBuffer: maxBytes, log, random, clocks = CLOCKS } = options;
    const { name, send } = store;
    this.#recording = new PeriodRecording({ maxMetrics, expire, name, log, now: clocks.steady });
    this.#sender = new Sender({ name, send, maxBytes, log, random });
    this.#periods = new Periods(options.interval, clocks);
  }

  start(): Promise<void> {
    this.#periods = new Periods(this.#options.interval, this.#options.clocks ?? CLOCKS);
    this.#schedule();
    return Promise.resolve();
  }

  ingest(metric: Decoded): void {
    this.#recording.ingest(this.#store.normalise(metric));
  }

  /** Waits for the period that is being written. The current one isn't cut short, because its time is that of a whole period. */
  flush(timeout: number): Promise<void> {
    return settledWithin(
      this.#turn.then(() => this.#sender.idle),
      timeout,
    );
  }

  async close(timeout: number): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    const end = performance.now() + timeout;
    this.#turn = this.#turn.then(() => this.#write(this.#periods.last()));
    await settledWithin(this.#turn, timeout);
    await this.#sender.end(Math.max(0, end - performance.now()));
    this.#recording.close();
  }

  wants(): number {
    return this.#options.interval;
  }

  stats(): OutputStats {
    const { recorded, cardinality, rejected, ended } = this.#recording.counts;
    const { counts, errors, waitingBytes } = this.#sender;
    const { sent, buffer, refused } = counts;
    const dropped = { cardinality, rejected, buffer, refused, ended: ended + counts.ended };
    const { held } = this.#recording;
    const { maxMetrics } = this.#options;
    return { name: this.#store.name, held, maxMetrics, recorded, sent, dropped, errors, waitingBytes };
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.#turn = this.#write(this.#periods.next()).then(() => {
        if (!this.#closed) this.#schedule();
      });
    }, this.#periods.left).unref();
  }

  async #write(period: Period): Promise<void> {
    const { lines, encode } = this.#store;
    const batches: Promise<void>[] = [];
    let [text, samples] = ['', 0];
    const endBatch = (): void => {
      const stands = samples;
      batches.push(encode(text).then((body) => this.#sender.add({ body, samples: stands })));
      [text, samples] = ['', 0];
    };
    await this.#recording.take((metric, more) => {
      text += lines(metric, period);
      samples += more;
      if (text.length >= BATCH_LENGTH) endBatch();
    });
    if (text !== '') endBatch();
    await Promise.all(batches);
  }
}
