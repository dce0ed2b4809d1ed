import type { ReadBatch } from '../lines/read-batch.js';
import type { ListenAddress } from './listen-address.js';

/** Messages between the thread that serves TCP connections and the main thread. */

export interface TCPServerOptions {
  readonly addresses: readonly ListenAddress[];
  /** The most keys of `KnownLines`. */
  readonly knownLines: number;
  /** Shared words. At `DONE` the main thread counts the batches that it has dealt with. */
  readonly shared: Int32Array;
}

export const DONE = 0;
/** How many words are shared. */
export const WORDS = 1;

export type ToTCPServer = {
  /** Take the lines that have arrived already, and end. `timeout` is the longest time for this, in ms. */
  readonly type: 'stop';
  readonly timeout: number;
};

export type FromTCPServer =
  /** The server listens, except on the addresses whose indices are in `missing`. */
  | { readonly type: 'ready'; readonly missing: readonly number[] }
  /** The server can't listen on an address. `address` is its index. */
  | {
      readonly type: 'failed';
      readonly message: string;
      readonly code: string | undefined;
      readonly address: number;
    }
  | { readonly type: 'batch'; readonly batch: ReadBatch }
  /** The number of open connections, and the number of connections refused since the last message of this type. */
  | { readonly type: 'connections'; readonly open: number; readonly refused: number }
  /** A browser, or another program that speaks HTTP, has connected. */
  | { readonly type: 'http'; readonly from: string }
  | { readonly type: 'end' };
