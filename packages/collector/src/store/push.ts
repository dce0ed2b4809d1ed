import type { Decoded, Rule } from '@afstatsd/core';
import type { BoundMetric } from '@afstatsd/prometheus/parts';
import { HEADER_VARIABLES } from '../config/headers.js';
import { readHttpUrl } from '../config/store-url.js';
import type { Output, OutputStats } from '../output/output.js';
import { headersFor } from './headers.js';
import { post } from './http.js';
import { type Outcome, SEND_TIMEOUT_MS } from './outcome.js';
import type { StoreOptions } from './period-output.js';
import { PushPage } from './push-page.js';
import { RetryDelay } from './retry-delay.js';
import { settledWithin } from './settled-within.js';

export interface PushOptions extends Omit<StoreOptions, 'maxBuffer'> {
  /** `http://host:8428/api/v1/import/prometheus`. */
  readonly url: string;
  /** Upper bounds of the buckets for timers, in seconds. Default: those of Prometheus' page. */
  readonly bounds?: readonly number[] | undefined;
  /** Rules that set bounds, unit, description or names of series. Default: only the built-in rules. */
  readonly rules?: readonly Rule[] | undefined;
  /** The environment. Default: that of the process. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/**
 * Pushes pages of Prometheus' text format. No page has to wait for a store that is away, because the numbers are totals. So the
 * next page makes up for a missed one.
 */
export class PushOutput implements Output {
  readonly #name: string;
  readonly #interval: number;
  readonly #log: StoreOptions['log'];
  readonly #page: PushPage;
  readonly #post: (body: Buffer, signal: AbortSignal) => Promise<Outcome>;
  readonly #delay: RetryDelay;
  readonly #ending = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<boolean> = Promise.resolve(true);
  #closed = false;
  #fails = false;
  /** Whether the store's last page shows series as 0 that have other values. */
  #hasZeros = false;
  /** The wait after a failure, in ms. */
  #retryIn = 0;
  #sent = 0;
  #errors = 0;

  constructor({ url, bounds, rules, env = process.env, ...options }: PushOptions) {
    const { interval, maxMetrics, expire, globalTags, log, random } = options;
    const target = readHttpUrl(url);
    this.#name = `push ${target.shown}`;
    this.#interval = interval;
    this.#log = log;
    this.#delay = new RetryDelay(random);
    const logger = { warn: (message: string): void => log.warn(`${this.#name}: ${message}`) };
    this.#page = new PushPage({ bounds, rules, maxMetrics, expire, globalTags, logger });
    const headers = {
      'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
      'Content-Encoding': 'gzip',
      ...headersFor(target, HEADER_VARIABLES.push, env),
    };
    this.#post = (body, signal) => post({ address: target.address, headers, body, signal });
  }

  start(): Promise<void> {
    this.#page.start();
    this.#schedule(this.#interval);
    return Promise.resolve();
  }

  ingest(metric: Decoded): void {
    this.#page.ingest(metric);
  }

  bind(metric: Decoded): BoundMetric | undefined {
    return this.#page.bind(metric);
  }

  async flush(timeout: number): Promise<void> {
    await settledWithin(this.#push(), timeout);
  }

  async close(timeout: number): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    const cut = setTimeout(() => this.#ending.abort(), timeout);
    const isTaken = await this.#pushLast();
    clearTimeout(cut);
    if (!isTaken)
      this.#log.warn(`${this.#name}: the collector ends, and the store has not taken the last page`);
    this.#page.close();
  }

  wants(): number {
    return this.#interval;
  }

  stats(): OutputStats {
    const { recorded, dropped } = this.#page.counts;
    const sent = this.#sent;
    const ended = this.#closed ? recorded - dropped - sent : 0;
    return {
      name: this.#name,
      ...this.#page.size,
      recorded,
      sent,
      dropped: { cardinality: dropped, ended },
      errors: this.#errors,
    };
  }

  #schedule(ms: number): void {
    this.#timer = setTimeout(() => void this.#turn(), ms).unref();
  }

  async #turn(): Promise<void> {
    const began = performance.now();
    const isTaken = await this.#push();
    if (this.#closed) return;
    const took = performance.now() - began;
    this.#schedule(isTaken ? Math.max(0, this.#interval - took) : this.#retryIn);
  }

  /** Pushes the last page. New series are 0 in it, so a second page follows with their values. */
  async #pushLast(): Promise<boolean> {
    if (!(await this.#push())) return false;
    return this.#hasZeros ? this.#push() : true;
  }

  /** Pushes a page after the current one. Resolves to whether the store has taken it. */
  #push(): Promise<boolean> {
    this.#underWay = this.#underWay.then(() => this.#pushOnce());
    return this.#underWay;
  }

  async #pushOnce(): Promise<boolean> {
    const { recorded, dropped } = this.#page.counts;
    const page = await this.#page.render();
    const outcome = await this.#try(page.body);
    if (outcome.state !== 'accepted') {
      this.#failed(outcome);
      return false;
    }
    this.#page.taken(page);
    this.#hasZeros = page.fresh > 0;
    this.#sent = recorded - dropped;
    this.#delay.reset();
    if (this.#fails) this.#log.info(`${this.#name} works again`);
    this.#fails = false;
    return true;
  }

  async #try(body: Buffer): Promise<Outcome> {
    const timeout = AbortSignal.timeout(SEND_TIMEOUT_MS);
    try {
      return await this.#post(body, AbortSignal.any([timeout, this.#ending.signal]));
    } catch (error) {
      const why = timeout.aborted ? `no answer within ${SEND_TIMEOUT_MS} ms` : (error as Error).message;
      return { state: 'failed', why };
    }
  }

  #failed(outcome: Exclude<Outcome, { state: 'accepted' }>): void {
    this.#errors++;
    this.#retryIn = this.#delay.next(outcome.state === 'failed' ? outcome.after : 0);
    if (!this.#fails)
      this.#log.warn(
        `${this.#name} fails: ${outcome.why}; it is tried again, and totals are totals, so nothing is lost`,
      );
    this.#fails = true;
  }
}
