import type { ReadBatch } from '../lines/read-batch.js';
import type { PortOptions } from './udp-port.js';

/** What the thread that reads the UDP port and the main thread say to each other. */

export interface UDPReaderOptions extends PortOptions {
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

export type FromUDPReader =
  /** The port is bound. `room` is what the kernel holds at most, in bytes, where it says. */
  | { readonly type: 'ready'; readonly room: number | undefined }
  /** Reading in this way isn't possible here. */
  | { readonly type: 'unavailable'; readonly reason: string }
  | { readonly type: 'failed'; readonly message: string; readonly code: string | undefined }
  | { readonly type: 'batch'; readonly batch: ReadBatch }
  /** The kernel has dropped so many datagrams since it was last said. */
  | { readonly type: 'dropped'; readonly datagrams: number }
  | { readonly type: 'end' };
