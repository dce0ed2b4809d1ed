import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Address } from '../config/options.js';
import { BatchTaker } from '../lines/batch-taker.js';
import type { Log } from '../log.js';
import type { Receiver } from '../receiver.js';
import type { Input } from './input.js';
import { RECEIVE_BUFFER_BYTES, explain, resolve } from './udp-address.js';
import { DgramInput } from './udp-dgram.js';
import { isKnownLayout } from './udp-port.js';
import {
  CLIENT_INTERVAL,
  DONE,
  type FromUDPReader,
  NOW,
  STOP,
  type UDPReaderOptions,
  WHEN_EMPTY,
  WORDS,
} from './udp-protocol.js';

/** By this the log counts such warnings. */
const DROPPED = 'UDP: the kernel has dropped datagrams';

/** A way of reading that this machine doesn't have. */
class Unavailable extends Error {}

/**
 * Receives StatsD datagrams, and answers empty ones. On 64-bit Linux they are read and decoded in a thread of its own, many
 * with a call; elsewhere, and where threads or koffi can't be had, with Node's sockets in the main thread.
 */
export class UDPInput implements Input {
  readonly #address: Address;
  readonly #receiver: Receiver;
  readonly #log: Log;
  readonly #onFailure: (error: Error) => void;
  readonly #shared = new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT));
  #fallback: DgramInput | undefined;
  #worker: Worker | undefined;
  #ended: (() => void) | undefined;
  #hasEnded = false;

  /** @param onFailure - called when a reader that was started can't go on. Default: nothing is. */
  constructor(address: Address, receiver: Receiver, log: Log, onFailure: (error: Error) => void = () => {}) {
    this.#address = address;
    this.#receiver = receiver;
    this.#log = log;
    this.#onFailure = onFailure;
  }

  set clientInterval(ms: number) {
    Atomics.store(this.#shared, CLIENT_INTERVAL, ms);
    if (this.#fallback !== undefined) this.#fallback.clientInterval = ms;
  }

  /** Rejects with an error that says what to do, for instance when the port is taken. */
  async start(): Promise<void> {
    try {
      if (!isKnownLayout() || this.#address.host.includes('%')) throw new Unavailable();
      await this.#startReader();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      if (error.message !== '') {
        this.#log.info(`UDP is read in the main thread, which takes more CPU time: ${error.message}`);
      }
      const fallback = new DgramInput(this.#address, this.#receiver, this.#log);
      fallback.clientInterval = Atomics.load(this.#shared, CLIENT_INTERVAL);
      await fallback.start();
      this.#fallback = fallback;
    }
  }

  /** Takes what has arrived already, for at most so many ms, and ends. */
  async stop(timeout: number): Promise<void> {
    await this.#fallback?.stop(timeout);
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

  async #startReader(): Promise<void> {
    const { host, port } = this.#address;
    const { address, family } = await resolve(host).catch((error: Error) => {
      throw explain(error, this.#address);
    });
    const workerData: UDPReaderOptions = {
      address,
      family,
      port,
      receiveBufferBytes: RECEIVE_BUFFER_BYTES,
      shared: this.#shared,
    };
    const worker = newWorker(workerData);
    const taker = new BatchTaker(this.#receiver, 'udp');
    await new Promise<void>((resolve, reject) => {
      let isStarted = false;
      const fail = (error: NodeJS.ErrnoException): void => {
        taker.finish();
        this.#end();
        if (isStarted)
          this.#onFailure(new Error(`UDP ${host}:${port} can't be read any more: ${error.message}`));
        else if (error.code?.startsWith('E') === true && !error.code.startsWith('ERR_'))
          reject(explain(error, this.#address));
        else reject(new Unavailable(error.message));
      };
      worker.on('error', fail);
      worker.on('exit', () => {
        this.#end();
        reject(new Unavailable('its thread has ended'));
      });
      worker.on('message', (message: FromUDPReader) => {
        switch (message.type) {
          case 'ready':
            isStarted = true;
            this.#worker = worker;
            this.#log.info(`listening on UDP ${host}:${port}`);
            resolve();
            return;
          case 'batch':
            taker.take(message.batch, () => {
              Atomics.add(this.#shared, DONE, 1);
              Atomics.notify(this.#shared, DONE);
            });
            return;
          case 'dropped':
            this.#dropped(message.datagrams);
            return;
          case 'failed':
            fail(Object.assign(new Error(message.message), { code: message.code }));
            return;
          case 'unavailable':
            reject(new Unavailable(message.reason));
            return;
          case 'end':
            taker.finish();
            this.#end();
        }
      });
    });
  }

  #dropped(datagrams: number): void {
    this.#receiver.udpDropped += datagrams;
    this.#log.warn(
      `UDP: the kernel has dropped ${datagrams} datagrams, because they came faster than they were read. Raise net.core.rmem_max (sysctl -w net.core.rmem_max=${RECEIVE_BUFFER_BYTES}), and start the collector again`,
      DROPPED,
    );
  }

  #end(): void {
    this.#hasEnded = true;
    this.#ended?.();
  }

  #tell(stop: number): void {
    Atomics.store(this.#shared, STOP, stop);
    Atomics.notify(this.#shared, STOP);
  }
}

function newWorker(workerData: UDPReaderOptions): Worker {
  try {
    return new Worker(path.join(__dirname, 'udp-reader.js'), { workerData });
  } catch (error) {
    // The permission model may not allow threads.
    throw new Unavailable((error as Error).message);
  }
}
