import type { ReadBatch } from '../lines/read-batch.js';
import type { ListenAddress } from './listen-address.js';

/** What the thread that serves TCP connections and the main thread say to each other. */

export interface TCPServerOptions {
  readonly addresses: readonly ListenAddress[];
  /** How many metrics are known by how they are written, at most. */
  readonly knownLines: number;
  /** Shared words. At `DONE` the main thread counts the batches that it has dealt with. */
  readonly shared: Int32Array;
}

export const DONE = 0;
/** How many words are shared. */
export const WORDS = 1;

export type ToTCPServer = {
  /** Take what has arrived already, for at most so many ms, and end. */
  readonly type: 'stop';
  readonly timeout: number;
};

export type FromTCPServer =
  /** It listens, but at the places in `missing`. */
  | { readonly type: 'ready'; readonly missing: readonly number[] }
  /** `address`: the place of the one that can't be had. */
  | {
      readonly type: 'failed';
      readonly message: string;
      readonly code: string | undefined;
      readonly address: number;
    }
  | { readonly type: 'batch'; readonly batch: ReadBatch }
  /** Connections that are open, and how many were refused since that was last said. */
  | { readonly type: 'connections'; readonly open: number; readonly refused: number }
  /** A browser, or another program that speaks HTTP, has connected. */
  | { readonly type: 'http'; readonly from: string }
  | { readonly type: 'end' };
