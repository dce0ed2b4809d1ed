import type { ReadBatch } from '../lines/read-batch.js';
import type { PortOptions } from './datagram-port.js';

/** Messages between a thread that reads datagrams and the main thread. */

export interface DatagramReaderOptions {
  /** The sockets to read. */
  readonly ports: readonly PortOptions[];
  /** Places in `ports` of those that are left out where the machine has no such address, unless none is left. */
  readonly optional: readonly number[];
  /** Whether datagrams wait in the kernel in large numbers, so that the reader may pause while they gather. */
  readonly gathers: boolean;
  /** How many metrics are known by how they are written, at most. */
  readonly knownLines: number;
  /** Shared words, see the indices below. The reader blocks its thread, so it can't be told things in any other way. */
  readonly shared: Int32Array;
}

/** Index of the word that says when the reader shall end: `GO_ON` at first. */
export const STOP = 0;
export const GO_ON = 0;
/** It ends once nothing waits in the socket. */
export const WHEN_EMPTY = 1;
/** It ends without reading any more. */
export const NOW = 2;
/** Index of the number of batches that the main thread has dealt with. */
export const DONE = 1;
/** Index of the number of ms that clients hear in answer to a probe. */
export const CLIENT_INTERVAL = 2;
/** How many words are shared. */
export const WORDS = 3;

export type FromDatagramReader =
  /** The sockets are open, but for the places in `missing`. */
  | { readonly type: 'ready'; readonly missing: readonly number[] }
  /** Reading in this way isn't possible here. */
  | { readonly type: 'unavailable'; readonly reason: string }
  /** `port`: the place of the socket that can't be had, or read any more. */
  | {
      readonly type: 'failed';
      readonly message: string;
      readonly code: string | undefined;
      readonly port: number;
    }
  | { readonly type: 'batch'; readonly batch: ReadBatch }
  /** The kernel has dropped so many datagrams since it was last said. */
  | { readonly type: 'dropped'; readonly datagrams: number }
  /** The file of a UNIX socket had been removed, and was made again. */
  | { readonly type: 'made again'; readonly port: number }
  | { readonly type: 'end' };
