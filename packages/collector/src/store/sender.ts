import type { Log } from '../log.js';
import { OnceAMinute } from '../once-a-minute.js';
import { type Outcome, SEND_TIMEOUT_MS } from './outcome.js';
import { RetryDelay } from './retry-delay.js';

/** A body for a store, with its samples. A store that gets it twice keeps it once, because its values have times. */
export interface Parcel {
  readonly body: Buffer;
  /** The number of samples in the body. */
  readonly samples: number;
}

export interface SenderOptions {
  /** The name for people: `graphite tcp://127.0.0.1:2003`. */
  readonly name: string;
  /** Tries once to send a body. The signal ends the try. A rejection counts as a failure. */
  readonly send: (body: Buffer, signal: AbortSignal) => Promise<Outcome>;
  /** The most that may wait, in bytes. */
  readonly maxBytes: number;
  readonly log: Log;
  readonly random?: (() => number) | undefined;
}

/** Sends parcels to a store, one after another. Tries again until the store has taken a parcel, or too many wait. */
export class Sender {
  /** The number of samples that the store has, and of those that it will never have, by reason. */
  readonly counts = { sent: 0, refused: 0, buffer: 0, ended: 0 };
  /** Failed attempts. */
  errors = 0;
  /** The bytes of waiting parcels, with the one that is being sent. */
  waitingBytes = 0;
  readonly #options: SenderOptions;
  readonly #delay: RetryDelay;
  readonly #said = new OnceAMinute();
  readonly #ending = new AbortController();
  #waiting: Parcel[] = [];
  #run: Promise<void> | undefined;
  /** Ends the current wait for the next try. */
  #hurry: () => void = () => {};
  /** Whether the next failure ends the run, because there is no time for another try. */
  #isLastTry = false;
  #fails = false;
  #overflows = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#delay = new RetryDelay(options.random);
  }

  /** Settles once no parcel waits, or the last try has failed. */
  get idle(): Promise<void> {
    return this.#run ?? Promise.resolve();
  }

  /** Takes a parcel, and begins to send. If too many bytes wait, the oldest parcels are given up. */
  add(parcel: Parcel): void {
    if (this.#ending.signal.aborted) {
      this.counts.ended += parcel.samples;
      return;
    }
    this.#waiting.push(parcel);
    this.waitingBytes += parcel.body.length;
    this.#giveUpOldest();
    this.#run ??= this.#sendAll();
  }

  /** Tries a last time, for `timeout` ms, and gives up the parcels that the store hasn't taken then. */
  async end(timeout: number): Promise<void> {
    this.#isLastTry = true;
    this.#hurry();
    const cut = setTimeout(() => this.#ending.abort(), timeout);
    await this.#run;
    clearTimeout(cut);
    this.#ending.abort();
    const left = this.#waiting.splice(0);
    this.waitingBytes = 0;
    for (const { samples } of left) this.counts.ended += samples;
    if (left.length > 0) {
      const { log, name } = this.#options;
      log.warn(
        `${name}: the collector ends, and the store has not taken the last ${left.length} batches: they are lost`,
      );
    }
  }

  async #sendAll(): Promise<void> {
    try {
      while (this.#waiting.length > 0 && !this.#ending.signal.aborted) {
        const wasLastTry = this.#isLastTry;
        const outcome = await this.#try(this.#waiting[0]!);
        if (outcome.state !== 'failed') {
          this.#done(outcome);
          continue;
        }
        this.errors++;
        this.#tell(outcome.why);
        if (wasLastTry) return;
        // A try that began before `end` was called isn't the last one.
        if (!this.#isLastTry) await this.#pause(this.#delay.next(outcome.after));
      }
    } finally {
      // This is done in the same step as the last look at the parcels, so that the next parcel starts another run.
      this.#run = undefined;
    }
  }

  async #try({ body }: Parcel): Promise<Outcome> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), SEND_TIMEOUT_MS);
    const signal = AbortSignal.any([late.signal, this.#ending.signal]);
    try {
      return await Promise.race([this.#options.send(body, signal), aborted(signal)]);
    } catch (error) {
      return {
        state: 'failed',
        why: late.signal.aborted ? `no answer within ${SEND_TIMEOUT_MS} ms` : (error as Error).message,
      };
    } finally {
      clearTimeout(timer);
    }
  }

  #done(outcome: Exclude<Outcome, { state: 'failed' }>): void {
    const { body, samples } = this.#waiting.shift()!;
    this.waitingBytes -= body.length;
    this.#delay.reset();
    const { log, name } = this.#options;
    if (this.#fails) log.info(`${name} works again`);
    this.#fails = this.#overflows = false;
    if (outcome.state === 'accepted') {
      this.counts.sent += samples;
      return;
    }
    this.errors++;
    this.counts.refused += samples;
    if (this.#said.first('refused'))
      log.warn(`${name}: the store refuses a batch, which is lost: ${outcome.why}`);
  }

  #tell(why: string): void {
    if (this.#fails) return;
    this.#fails = true;
    const { log, name, maxBytes } = this.#options;
    log.warn(`${name} fails: ${why}; it is tried again, and up to ${maxBytes} bytes wait (--max-buffer)`);
  }

  /** Gives up the oldest parcels while too many bytes wait. The first parcel stays, because it is being sent. */
  #giveUpOldest(): void {
    const { maxBytes, log, name } = this.#options;
    while (this.waitingBytes > maxBytes && this.#waiting.length > 1) {
      const [given] = this.#waiting.splice(this.#run === undefined ? 0 : 1, 1);
      this.waitingBytes -= given!.body.length;
      this.counts.buffer += given!.samples;
      if (!this.#overflows)
        log.warn(`${name}: ${maxBytes} bytes wait (--max-buffer), so the oldest are given up`);
      this.#overflows = true;
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#hurry(), ms).unref();
      this.#hurry = () => {
        clearTimeout(timer);
        this.#hurry = () => {};
        resolve();
      };
    });
  }
}

/** A promise that rejects when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(new Error('there is no more time'));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
