import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { countDealtWith } from '../lines/batch-sender.js';
import { BatchTaker } from '../lines/batch-taker.js';
import type { InputName, Receiver } from '../receiver.js';
import type { DatagramReaderOptions, FromDatagramReader } from './datagram-protocol.js';
import { CLIENT_INTERVAL, DONE, NOW, STOP, WHEN_EMPTY, WORDS } from './reader-words.js';

/** Reading in a thread isn't possible on this machine. */
export class Unavailable extends Error {}

/** One of the sockets can't be opened, or can't be read any more. */
export class PortFailure extends Error {
  readonly code: string | undefined;
  /** The index of the socket in `ports`. */
  readonly port: number;

  constructor({ message, code, port }: FromDatagramReader & { type: 'failed' }) {
    super(message);
    this.code = code;
    this.port = port;
  }
}

export interface DatagramThreadOptions {
  readonly receiver: Receiver;
  readonly input: InputName;
  /** Called when a reader that was started can't go on. */
  readonly onFailure: (error: PortFailure | Error) => void;
  readonly onDropped?: (datagrams: number) => void;
  /** Called with a socket's index in `ports` when its file was made again. */
  readonly onMadeAgain?: (port: number) => void;
}

/** Runs a thread that reads sockets for datagrams, many with a call. Hands the samples to the receiver. */
export class DatagramThread {
  readonly #options: DatagramThreadOptions;
  readonly #taker: BatchTaker;
  readonly #shared = new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT));
  #worker: Worker | undefined;
  #ended: (() => void) | undefined;
  #hasEnded = false;

  constructor(options: DatagramThreadOptions) {
    this.#options = options;
    this.#taker = new BatchTaker(options.receiver, options.input);
  }

  get clientInterval(): number {
    return Atomics.load(this.#shared, CLIENT_INTERVAL);
  }

  set clientInterval(ms: number) {
    Atomics.store(this.#shared, CLIENT_INTERVAL, ms);
  }

  /**
   * Resolves once the sockets are open, to the indices of optional ones that were left out. Rejects with a PortFailure if a
   * socket can't be opened, and with Unavailable if this machine can't run the thread.
   */
  start(what: Omit<DatagramReaderOptions, 'shared' | 'knownLines'>): Promise<readonly number[]> {
    const worker = newWorker({
      ...what,
      knownLines: this.#options.receiver.knownLines,
      shared: this.#shared,
    });
    return new Promise((resolve, reject) => {
      let isStarted = false;
      const fail = (error: NodeJS.ErrnoException): void => {
        this.#end();
        if (isStarted) this.#options.onFailure(error);
        else if (error.code?.startsWith('E') === true && !error.code.startsWith('ERR_')) reject(error);
        else reject(new Unavailable(error.message));
      };
      worker.on('error', fail);
      worker.on('exit', () => {
        this.#end();
        reject(new Unavailable('its thread has ended'));
      });
      worker.on('message', (message: FromDatagramReader) => {
        switch (message.type) {
          case 'ready':
            isStarted = true;
            this.#worker = worker;
            resolve(message.missing);
            return;
          case 'failed':
            fail(new PortFailure(message));
            return;
          case 'unavailable':
            reject(new Unavailable(message.reason));
            return;
          default:
            this.#on(message);
        }
      });
    });
  }

  /** Takes the datagrams that have arrived already, and ends. `timeout` is the longest time for this, in ms. */
  async stop(timeout: number): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker === undefined) return;
    const ended = this.#hasEnded
      ? Promise.resolve()
      : new Promise<void>((resolve) => (this.#ended = resolve));
    this.#tell(WHEN_EMPTY);
    const timer = setTimeout(() => this.#tell(NOW), timeout);
    await ended;
    clearTimeout(timer);
    await worker.terminate();
  }

  #on(message: FromDatagramReader): void {
    switch (message.type) {
      case 'batch':
        this.#taker.take(message.batch, () => countDealtWith(this.#shared, DONE));
        return;
      case 'dropped':
        this.#options.onDropped?.(message.datagrams);
        return;
      case 'made again':
        this.#options.onMadeAgain?.(message.port);
        return;
      case 'end':
        this.#end();
        break;
      default:
    }
  }

  #end(): void {
    this.#taker.finish();
    this.#hasEnded = true;
    this.#ended?.();
  }

  #tell(stop: number): void {
    Atomics.store(this.#shared, STOP, stop);
    Atomics.notify(this.#shared, STOP);
  }
}

function newWorker(workerData: DatagramReaderOptions): Worker {
  try {
    return new Worker(path.join(__dirname, 'datagram-reader.js'), { workerData });
  } catch (error) {
    // The permission model may not allow threads.
    throw new Unavailable((error as Error).message);
  }
}
