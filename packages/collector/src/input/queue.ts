import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { countDealtWith } from '../lines/batch-sender.js';
import { BatchTaker } from '../lines/batch-taker.js';
import type { Log } from '../log.js';
import type { Receiver } from '../receiver.js';
import type { Input } from './input.js';
import { adviceOn } from './queue-advice.js';
import type { FromReader, ReaderOptions } from './queue-protocol.js';
import { CLIENT_INTERVAL, DONE, NOW, STOP, WHEN_EMPTY, WORDS } from './reader-words.js';

export interface QueueInputOptions {
  readonly queue: string;
  readonly trustedUids: readonly number[];
  /** Whether other collectors may read the queue, too. */
  readonly isShared: boolean;
  /** Whether to remove the queue at the end. */
  readonly unlink: boolean;
}

/**
 * Reads the message queue in its own thread, so that no busy output delays it. If the collector can't keep up, the queue fills,
 * so that clients keep their samples.
 */
export class QueueInput implements Input {
  readonly #options: QueueInputOptions;
  readonly #receiver: Receiver;
  readonly #taker: BatchTaker;
  readonly #log: Log;
  readonly #shared = new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT));
  readonly #onFailure: (error: Error) => void;
  #worker: Worker | undefined;
  #ended: (() => void) | undefined;
  #hasEnded = false;

  /** @param onFailure - called when the reader can't go on. */
  constructor(options: QueueInputOptions, receiver: Receiver, log: Log, onFailure: (error: Error) => void) {
    this.#options = options;
    this.#receiver = receiver;
    this.#taker = new BatchTaker(receiver, 'queue');
    this.#log = log;
    this.#onFailure = onFailure;
  }

  /** The interval at which clients are asked to send, in ms. The reader marks the queue with it within 100 ms. */
  set clientInterval(ms: number) {
    Atomics.store(this.#shared, CLIENT_INTERVAL, ms);
  }

  /**
   * Makes the queue, or opens an existing one once no other collector has it. Rejects with an error that says what to do. Rejects
   * also if `interruptStart` is called meanwhile.
   */
  start(): Promise<void> {
    const workerData: ReaderOptions = {
      ...this.#options,
      knownLines: this.#receiver.knownLines,
      shared: this.#shared,
    };
    const worker = new Worker(path.join(__dirname, 'queue-reader.js'), { workerData });
    this.#worker = worker;
    return new Promise((resolve, reject) => {
      let started = false;
      const fail = (error: Error): void => {
        this.#worker = undefined;
        this.#taker.finish();
        this.#end();
        if (started) this.#onFailure(error);
        else reject(error);
      };
      worker.on('error', fail);
      worker.on('exit', () => {
        this.#end();
        reject(new Error(`queue ${this.#options.queue} isn't read: the collector was told to end`));
      });
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

  /** Makes a start that waits for another collector reject. */
  interruptStart(): void {
    this.#tell(NOW);
  }

  /** Reads the messages in the queue, and ends. After `timeout` ms the rest stays in the queue for the next start. */
  async stop(timeout: number): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = this.#hasEnded
      ? Promise.resolve()
      : new Promise<void>((resolve) => (this.#ended = resolve));
    this.#tell(WHEN_EMPTY);
    // The reader has to end by itself, because the messages that it has taken from the queue have to come in first.
    const timer = setTimeout(() => {
      this.#log.warn(`queue ${this.#options.queue} wasn't empty after ${timeout} ms; the rest stays in it`);
      this.#tell(NOW);
    }, timeout);
    await ended;
    clearTimeout(timer);
    this.#worker = undefined;
    await worker.terminate();
  }

  #end(): void {
    this.#hasEnded = true;
    this.#ended?.();
  }

  #tell(stop: number): void {
    Atomics.store(this.#shared, STOP, stop);
    Atomics.notify(this.#shared, STOP);
  }

  #on(message: FromReader): void {
    switch (message.type) {
      case 'batch':
        this.#taker.take(message.batch, () => {
          this.#receiver.queueDepth = message.waiting;
          countDealtWith(this.#shared, DONE);
        });
        return;
      case 'other message':
        this.#receiver.receiveFromQueue(message.bytes, message.priority);
        return;
      case 'removed':
        this.#log.warn(
          `queue ${this.#options.queue} had been removed by somebody, and can't be made anew yet: ${message.problem}`,
        );
        return;
      case 'made again':
        this.#log.warn(`queue ${this.#options.queue} had been removed by somebody, and was made anew`);
        return;
      case 'mark blocked':
        this.#log.warn(
          `clients can't see how often to send: a program that may send to queue ${this.#options.queue} holds a lock on it (/proc/locks names it). Clients send every 20 s until it lets go`,
        );
        return;
      case 'waits':
        this.#log.info(
          `queue ${this.#options.queue} is read by another collector, ${message.holder}: waiting for it to end, 10 s at most`,
        );
        return;
      case 'lock ignored':
        this.#log.warn(
          `the lock of queue ${this.#options.queue} is held by ${message.holder}, which isn't to be trusted, so it is ignored. Find out what that is: as long as it holds the lock, a second collector on this queue isn't noticed`,
        );
        return;
      case 'mode set':
        this.#sayModeSet(message.before);
        return;
      case 'not removed':
        this.#log.warn(`the queue can't be removed: ${message.problem}`);
        return;
      case 'end':
        this.#taker.finish();
        this.#end();
        break;
      default:
    }
  }

  #sayModeSet(before: number): void {
    const was = `the queue had mode ${before.toString(8)}, and has 622 now`;
    if ((before & 0o044) === 0) {
      this.#log.info(`${was}: other users may send to it`);
    } else {
      this.#log.warn(
        `${was}: other users could read what clients send, and a program that has opened it for that still can. Remove the queue to be sure: the collector makes it again at once`,
      );
    }
  }

  #reportReady({ depth, messageBytes, mode, waiting }: FromReader & { type: 'ready' }): void {
    const { queue } = this.#options;
    const left = waiting > 0 ? `, ${waiting} messages waiting in it` : '';
    this.#receiver.queueCapacity = depth;
    this.#log.info(`reading queue ${queue}, ${depth} messages deep${left}`);
    if ((mode & 0o066) !== 0o022) {
      this.#log.warn(
        `the queue has mode ${mode.toString(8)}, not 622: other users ${(mode & 0o044) === 0 ? 'may not send to it' : 'may read what clients send'}. It belongs to another user, who can change that: chmod 622 /dev/mqueue${queue}`,
      );
    }
    for (const { severity, text } of adviceOn({ queue, depth, messageBytes })) this.#log[severity](text);
  }
}
