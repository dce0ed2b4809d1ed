import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Address, describeAddress } from '../config/address.js';
import { countDealtWith } from '../lines/batch-sender.js';
import { BatchTaker } from '../lines/batch-taker.js';
import type { Log } from '../log.js';
import type { Receiver } from '../receiver.js';
import type { Input } from './input.js';
import { type ListenAddress, resolve } from './listen-address.js';
import { explain } from './listen-failure.js';
import { DONE, type FromTCPServer, type TCPServerOptions, type ToTCPServer, WORDS } from './tcp-protocol.js';

/** Kinds of warnings. The log counts the warnings of each kind. */
const REFUSED = 'TCP: connections were refused';
const HTTP = 'TCP: a request of HTTP';

/** Receives lines over TCP connections, in its own thread. Nothing is ever written to a connection. */
export class TCPInput implements Input {
  readonly #addresses: readonly Address[];
  readonly #receiver: Receiver;
  readonly #taker: BatchTaker;
  readonly #log: Log;
  readonly #onFailure: (error: Error) => void;
  readonly #shared = new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT));
  #worker: Worker | undefined;
  #ended: (() => void) | undefined;
  #hasEnded = false;
  /** Not used, because clients that send over TCP don't ask for an interval. */
  clientInterval = 0;

  /**
   * @param addresses - where to listen. `localhost` is both loopbacks, as far as the machine has them.
   * @param onFailure - called when a started server can't go on.
   */
  constructor(
    addresses: readonly Address[],
    receiver: Receiver,
    log: Log,
    onFailure: (error: Error) => void,
  ) {
    this.#addresses = addresses;
    this.#receiver = receiver;
    this.#taker = new BatchTaker(receiver, 'tcp');
    this.#log = log;
    this.#onFailure = onFailure;
  }

  /** Rejects with an error that says what to do, for instance when a port is taken. */
  async start(): Promise<void> {
    const addresses = await resolve(this.#addresses, (error, address) => explain(error, 'TCP', address));
    const missing = await this.#startServer(addresses);
    for (const [place, { shown }] of addresses.entries()) {
      const text = describeAddress(shown);
      this.#log.info(
        missing.includes(place)
          ? `TCP ${text} is left out, because this machine has no such address`
          : `listening on TCP ${text}`,
      );
    }
  }

  /** Takes the lines that have arrived already, and closes all connections. `timeout` is the longest time for this, in ms. */
  async stop(timeout: number): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker === undefined) return;
    const ended = this.#hasEnded
      ? Promise.resolve()
      : new Promise<void>((resolve) => (this.#ended = resolve));
    worker.postMessage({ type: 'stop', timeout } satisfies ToTCPServer);
    await ended;
    await worker.terminate();
  }

  #startServer(addresses: readonly ListenAddress[]): Promise<readonly number[]> {
    const workerData: TCPServerOptions = {
      addresses,
      knownLines: this.#receiver.knownLines,
      shared: this.#shared,
    };
    const worker = new Worker(path.join(__dirname, 'tcp-server.js'), { workerData });
    return new Promise((resolve, reject) => {
      worker.on('error', (error) => {
        this.#end();
        if (this.#worker === undefined) reject(error);
        else this.#onFailure(new Error(`TCP can't be read any more: ${error.message}`));
      });
      worker.on('exit', () => this.#end());
      worker.on('message', (message: FromTCPServer) => {
        if (message.type === 'ready') {
          this.#worker = worker;
          resolve(message.missing);
        } else if (message.type === 'failed') {
          reject(
            explain(
              Object.assign(new Error(message.message), message),
              'TCP',
              addresses[message.address]!.shown,
            ),
          );
        } else this.#on(message);
      });
    });
  }

  #on(message: FromTCPServer): void {
    switch (message.type) {
      case 'batch':
        this.#taker.take(message.batch, () => countDealtWith(this.#shared, DONE));
        return;
      case 'connections':
        this.#receiver.tcpConnections = message.open;
        this.#receiver.tcpRefused += message.refused;
        if (message.refused > 0)
          this.#log.warn(
            `TCP: ${message.refused} connections were refused, because 1024 are open. A client that makes one for each metric should keep it`,
            REFUSED,
          );
        return;
      case 'http':
        this.#log.warn(
          `TCP from ${message.from}: the connection was closed, because it speaks HTTP, as a web page can make a browser do`,
          HTTP,
        );
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
}
