import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { unlinkQueue } from '@afstatsd/mqueue';
import type { Log } from '../log.js';
import type { Receiver } from '../receiver.js';
import type { Input } from './input.js';
import {
  CLIENT_INTERVAL,
  DONE,
  type FromReader,
  NOW,
  type ReaderOptions,
  STOP,
  WHEN_EMPTY,
  WORDS,
} from './queue-protocol.js';

export interface QueueInputOptions {
  readonly queue: string;
  readonly trustedUids: readonly number[];
  /** Whether to remove the queue at the end. */
  readonly unlink: boolean;
}

/**
 * Reads the message queue, in a thread of its own: no busy output delays it, and when the collector can't keep up the
 * queue fills, so that clients keep what they have.
 */
export class QueueInput implements Input {
  readonly #options: QueueInputOptions;
  readonly #receiver: Receiver;
  readonly #log: Log;
  readonly #shared = new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT));
  readonly #onFailure: (error: Error) => void;
  #worker: Worker | undefined;
  #ended: (() => void) | undefined;

  /** @param onFailure - called when the reader can't go on. */
  constructor(options: QueueInputOptions, receiver: Receiver, log: Log, onFailure: (error: Error) => void) {
    this.#options = options;
    this.#receiver = receiver;
    this.#log = log;
    this.#onFailure = onFailure;
  }

  /** The reader puts it on the queue within 100 ms. */
  set clientInterval(ms: number) {
    Atomics.store(this.#shared, CLIENT_INTERVAL, ms);
  }

  /** Makes the queue, or takes the one that is there. Rejects with an error that says what to do. */
  start(): Promise<void> {
    const { queue, trustedUids } = this.#options;
    const workerData: ReaderOptions = { queue, trustedUids, shared: this.#shared };
    const worker = new Worker(path.join(__dirname, 'queue-reader.js'), { workerData });
    this.#worker = worker;
    return new Promise((resolve, reject) => {
      let started = false;
      const fail = (error: Error): void => {
        this.#worker = undefined;
        this.#ended?.();
        if (started) this.#onFailure(error);
        else reject(error);
      };
      worker.on('error', fail);
      worker.on('exit', () => this.#ended?.());
      worker.on('message', (message: FromReader) => {
        if (message.type === 'failed') fail(new Error(message.message));
        else if (message.type === 'ready') {
          started = true;
          this.#reportReady(message);
          resolve();
        } else this.#on(message);
      });
    });
  }

  /** Reads what is in the queue, and ends. Past the timeout (ms) the rest stays in the queue for the next start. */
  async stop(timeout: number): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise<void>((resolve) => (this.#ended = resolve));
    this.#tell(WHEN_EMPTY);
    // Told to end, and not ended from here: what it has taken from the queue is to come in first.
    const timer = setTimeout(() => {
      this.#log.warn(`queue ${this.#options.queue} wasn't empty after ${timeout} ms; the rest stays in it`);
      this.#tell(NOW);
    }, timeout);
    await ended;
    clearTimeout(timer);
    this.#worker = undefined;
    await worker.terminate();
    if (this.#options.unlink) this.#unlink();
  }

  #tell(stop: number): void {
    Atomics.store(this.#shared, STOP, stop);
    Atomics.notify(this.#shared, STOP);
  }

  #on(message: FromReader): void {
    switch (message.type) {
      case 'batch': {
        const { bytes, lengths, priorities, waiting } = message;
        let at = 0;
        for (const [i, length] of lengths.entries()) {
          this.#receiver.receiveFromQueue(bytes.subarray(at, (at += length)), priorities[i]!);
        }
        this.#receiver.queueDepth = waiting;
        Atomics.add(this.#shared, DONE, 1);
        Atomics.notify(this.#shared, DONE);
        return;
      }
      case 'removed':
        this.#log.warn(
          `queue ${this.#options.queue} had been removed by somebody, and can't be made anew yet: ${message.problem}`,
        );
        return;
      case 'made anew':
        this.#log.warn(`queue ${this.#options.queue} had been removed by somebody, and was made anew`);
        return;
      case 'mark blocked':
        this.#log.warn(
          `clients can't see how often to send: a program that may send to queue ${this.#options.queue} holds a lock on it (/proc/locks names it). Clients send every 20 s until it lets go`,
        );
        return;
      case 'end':
        this.#ended?.();
        break;
      default:
    }
  }

  #reportReady({ depth, mode, waiting }: FromReader & { type: 'ready' }): void {
    const { queue } = this.#options;
    const left = waiting > 0 ? `, ${waiting} messages waiting in it` : '';
    this.#log.info(`reading queue ${queue}, ${depth} messages deep${left}`);
    if ((mode & 0o066) !== 0o022) {
      this.#log.warn(
        `the queue has mode ${mode.toString(8)}, not 622: other users ${(mode & 0o044) === 0 ? 'may not send to it' : 'may read what clients send'}. Remove it, and start again`,
      );
    }
    if (depth < 50) {
      this.#log.info(
        `the queue is small, so clients wait often: raise /proc/sys/fs/mqueue/msg_max to 200, remove the queue, and start again`,
      );
    }
  }

  #unlink(): void {
    try {
      unlinkQueue(this.#options.queue);
    } catch (error) {
      this.#log.warn((error as Error).message);
    }
  }
}
