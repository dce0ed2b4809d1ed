import type { Ledger } from '../account/ledger.js';
import { type Surroundings, later } from '../host/surroundings.js';
import { clearImmediate, clearTimeout, setImmediate, setTimeout } from '../host/timers.js';
import type { MetricView } from '../metric/view.js';
import { Backoff } from '../retry/backoff.js';
import { RETRY_MS } from '../retry/next-try.js';
import type { OpenOptions, Transport } from '../transport/transport.js';
import type { Delivery } from './delivery.js';
import type { Outbox } from './outbox.js';
import { Rhythm } from './rhythm.js';
import type { TransportWatch } from './transport-watch.js';

/** How long a flush holds the event loop before it yields, in ms. */
const SLICE_MS = 2;

/** The result of `flush` and `shutdown`. */
export interface FlushResult {
  /** Samples that left since the call. */
  readonly sent: number;
  /** Samples that are still pending. */
  readonly pending: number;
}

/** How much is recorded before a flush: `all` callbacks, or with `periodic` only what is due, because the interval may be 1 s. */
export type Due = 'all' | 'periodic';

/** How far a flush has come. */
interface Progress {
  readonly state: 'done' | 'more' | 'full' | 'unavailable';
  /** How many messages were sent. */
  readonly messages: number;
  /** How long to wait for room, in ms, if the transport knows. */
  readonly wait?: number | undefined;
}

interface Waiter {
  /** The run whose end settles it. */
  readonly run: number;
  readonly settle: () => void;
}

/**
 * Sends metrics. A run sends the metrics that were dirty when it began. It works in slices, so that it never holds the event loop
 * for long, and at the pace of the receiver. A run begins when `Rhythm` calls for it, at `flush()`, and at each sample without
 * aggregation.
 */
export class Flusher {
  readonly #outbox: Outbox;
  readonly #delivery: Delivery;
  readonly #ledger: Ledger;
  readonly #beforeFlush: (due: Due) => void;
  readonly #rhythm: Rhythm;
  readonly #transport: TransportWatch;
  readonly #waiters = new Set<Waiter>();
  readonly #surroundings: Surroundings;
  /** Whether samples wait for the interval. Otherwise each one begins a run. */
  #aggregating = true;
  #run = 0;
  #running = false;
  /** The scheduled call that continues the run or begins the next one. */
  #next: { cancel: () => void } | undefined;
  #backoff = new Backoff();
  #lineBackoff = new Backoff();
  /** Calls off the next try to send lines. */
  #retry: (() => void) | undefined;
  /** Whether another run was requested during the current one. */
  #again = false;

  constructor(parts: {
    outbox: Outbox;
    delivery: Delivery;
    ledger: Ledger;
    /** Records what is due before a flush. */
    beforeFlush: (due: Due) => void;
    /** The time at which a flush is due although no sample waits, in ms of the surroundings' `now()`. */
    nextUnasked: () => number;
    transport: TransportWatch;
    surroundings: Surroundings;
  }) {
    const { outbox, transport, surroundings, nextUnasked } = parts;
    this.#surroundings = surroundings;
    this.#outbox = outbox;
    this.#delivery = parts.delivery;
    this.#ledger = parts.ledger;
    this.#beforeFlush = parts.beforeFlush;
    this.#transport = transport;
    this.#rhythm = new Rhythm({
      surroundings,
      nextUnasked,
      waits: () => this.#aggregating && (!outbox.isEmpty || this.#delivery.hasLines),
      isUnavailable: () => transport.isUnavailable,
      wanted: () => transport.interval(),
      flush: () => this.#flushByInterval(),
    });
  }

  /** Applies settings. A change of the interval restarts the wait. 0 ms means that each sample is sent at once. */
  apply(settings: {
    readonly interval: number | undefined;
    readonly aggregating: boolean;
    readonly transport: Transport;
  }): void {
    this.#switchTo(settings.transport);
    this.#aggregating = settings.aggregating;
    this.#rhythm.apply(settings.interval === 0 ? undefined : settings.interval);
  }

  /** Lets the interval begin, or go on. */
  start(): void {
    this.#rhythm.start();
  }

  /** Called with each metric that begins to wait, and with each gauge callback. */
  wake(): void {
    this.#rhythm.wake();
  }

  stop(): void {
    this.#rhythm.stop();
    this.#retry?.();
    this.#interrupt();
    for (const waiter of this.#waiters) waiter.settle();
  }

  /** Sends a sample that was recorded without aggregation. A current run or wait sends it anyway. */
  sendNow(): void {
    if (!this.busy) this.#begin();
  }

  /** Whether a run is active, or waits for room. */
  get busy(): boolean {
    return this.#running || this.#next !== undefined;
  }

  /** Sends a single call in a message of its own. Returns false if that isn't possible now. */
  sendAlone(view: MetricView): boolean {
    const channel = this.busy ? undefined : this.#transport.open();
    return channel !== undefined && this.#delivery.sendAlone(channel, view);
  }

  /** Sends finished lines, such as events. Without room it tries again soon. If nobody is there, the next flush tries again. */
  readonly sendLines = (): void => {
    this.#retry?.();
    const channel = this.busy ? undefined : this.#transport.open();
    const isFull = channel === undefined ? this.busy : this.#delivery.sendLines(channel).state === 'full';
    if (!this.#delivery.hasLines) this.#lineBackoff = new Backoff();
    else if (!this.#aggregating) this.sendNow();
    else if (isFull) this.#retry = later(this.#lineBackoff.next(0), this.sendLines);
    else this.wake();
  };

  /**
   * Sends all samples that are pending now.
   *
   * @param timeout - the longest wait, in ms. The process stays alive meanwhile.
   * @returns A promise that is fulfilled once all has left, the transport is unavailable, or the timeout is over.
   */
  flush(timeout: number): Promise<FlushResult> {
    const sentBefore = this.#ledger.sent;
    return new Promise((resolve) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        resolve({ sent: this.#ledger.sent - sentBefore, pending: this.#outbox.pending });
      };
      const timer = setTimeout(settle, timeout);
      // A current run may have begun before the latest samples, so the next run counts.
      const waiter: Waiter = { run: this.#run + 1, settle };
      this.#waiters.add(waiter);
      this.#beforeFlush('all');
      if (!this.#running) this.#begin();
    });
  }

  /**
   * Sends all pending samples synchronously. It is for the end of the process.
   *
   * @param timeout - how long to wait for room, in ms, with the thread stopped.
   * @param ending - whether this is the last chance.
   */
  drain(timeout: number, ending: boolean): void {
    this.#interrupt();
    this.#running = true;
    this.#transport.isPatient = false;
    this.#delivery.begin();
    const deadline = this.#surroundings.now() + timeout;
    const backoff = new Backoff();
    for (;;) {
      const { state, messages, wait = backoff.next(messages) } = this.#sendSome(Infinity, { ending });
      const left = deadline - this.#surroundings.now();
      if (state !== 'full' || left <= 0) break;
      sleep(Math.min(left, wait));
    }
    this.#running = false;
    this.#outbox.endRun();
    if (this.#waiters.size > 0) this.#schedule(this.#begin, 0);
  }

  /** Ends the current run. Samples that it hasn't sent are pending again. */
  #interrupt(): void {
    this.#next?.cancel();
    this.#next = undefined;
    this.#running = false;
    this.#outbox.endRun();
  }

  /** Changes to another transport, also for the rest of the current run. */
  #switchTo(transport: Transport): void {
    if (transport === this.#transport.transport) return;
    const goOn = this.#running || this.#waiters.size > 0 || !this.#aggregating;
    this.#interrupt();
    this.#transport.replace(transport);
    if (goOn) this.#schedule(this.#begin, 0);
  }

  #flushByInterval(): void {
    this.#beforeFlush('periodic');
    if (this.#running) this.#again = true;
    else this.#schedule(this.#begin, 0); // in a turn of its own, so that nothing adds to its slice
  }

  readonly #begin = (): void => {
    this.#next?.cancel();
    this.#running = true;
    this.#again = false;
    this.#run++;
    this.#backoff = new Backoff();
    this.#delivery.begin();
    this.#slice();
  };

  readonly #slice = (): void => {
    this.#next = undefined;
    // A receiver that starts together with this process needs a moment, so there is no warning yet, unless a caller waits.
    this.#transport.isPatient = this.#rhythm.isEarly && this.#waiters.size === 0;
    const { state, messages, wait = this.#backoff.next(messages) } = this.#sendSome(SLICE_MS);
    if (state === 'full') this.#schedule(this.#slice, wait);
    else if (state === 'more') this.#schedule(this.#slice, 0);
    else this.#end(state === 'done');
  };

  /** Sends messages until nothing is left, the transport takes no more, or the time (in ms) is over. */
  #sendSome(time: number, options?: OpenOptions): Progress {
    const outbox = this.#outbox;
    let messages = 0;
    if (this.#delivery.isDone) return { state: 'done', messages };
    const channel = this.#transport.open(options);
    if (channel === undefined) {
      this.#delivery.lose();
      return { state: 'unavailable', messages };
    }
    const { state, wait } = this.#delivery.sendLines(channel);
    if (state !== 'ok') return { state: state === 'full' ? state : 'unavailable', messages, wait };
    this.#delivery.announce(channel);
    const end = this.#surroundings.now() + time;
    while (!outbox.isRunDone) {
      const { state, wait } = this.#delivery.step(channel);
      if (state === 'full' || state === 'unavailable') return { state, messages, wait };
      messages++;
      if (this.#surroundings.now() >= end && !outbox.isRunDone) return { state: 'more', messages };
    }
    this.#delivery.tellCollector(channel);
    return { state: 'done', messages };
  }

  #end(all: boolean): void {
    this.#running = false;
    this.#outbox.endRun();
    if (!all || !this.#transport.isOpen) this.#transport.tell();
    for (const waiter of this.#waiters) if (!all || waiter.run <= this.#run) waiter.settle();
    if (this.#waiters.size > 0 || this.#again) this.#schedule(this.#begin, 0);
    else if (!this.#aggregating && (!this.#outbox.isEmpty || this.#delivery.hasLines))
      this.#schedule(this.#begin, all ? 0 : RETRY_MS.receiver);
  }

  /** Calls a function later. 0 ms means the event loop's next turn, which keeps the process alive for work that is due at once. */
  #schedule(what: () => void, ms: number): void {
    this.#next?.cancel();
    if (ms === 0) {
      const immediate = setImmediate(what);
      this.#next = { cancel: () => clearImmediate(immediate) };
    } else {
      this.#next = { cancel: later(ms, what) };
    }
  }
}

const cell = new Int32Array(new SharedArrayBuffer(4));

function sleep(ms: number): void {
  Atomics.wait(cell, 0, 0, ms);
}
