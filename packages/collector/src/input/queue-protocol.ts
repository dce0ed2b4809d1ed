import type { ReadBatch } from '../lines/read-batch.js';

/** What the reader thread and the main thread say to each other. */

export interface ReaderOptions {
  readonly queue: string;
  readonly trustedUids: readonly number[];
  /** Whether other collectors may read the queue, too. */
  readonly isShared: boolean;
  /** Whether the queue is removed at the end. */
  readonly unlink: boolean;
  /** How many metrics are known by how they are written, at most. */
  readonly knownLines: number;
  /** Shared words, see the indices below. The reader blocks its thread, so it can't be told things in any other way. */
  readonly shared: Int32Array;
}

/** Index of the word that says when the reader shall end: `GO_ON` at first. */
export const STOP = 0;
export const GO_ON = 0;
/** It ends once the queue is empty. */
export const WHEN_EMPTY = 1;
/** It ends without reading any more. */
export const NOW = 2;
/** Index of the number of batches that the main thread has dealt with. */
export const DONE = 1;
/** Index of the number of ms for the mark on the queue, by which clients hear how often to send. */
export const CLIENT_INTERVAL = 2;
/** How many words are shared. */
export const WORDS = 3;

export type FromReader =
  | {
      readonly type: 'ready';
      readonly depth: number;
      readonly messageBytes: number;
      readonly mode: number;
      readonly waiting: number;
    }
  /** What was read. `waiting`: how many messages were in the queue after that. */
  | { readonly type: 'batch'; readonly batch: ReadBatch; readonly waiting: number }
  /** A message of another priority than metrics have. */
  | { readonly type: 'other message'; readonly bytes: Uint8Array; readonly priority: number }
  | { readonly type: 'removed'; readonly problem: string }
  | { readonly type: 'made again' }
  /** The queue, which belongs to this user, has the right mode now. */
  | { readonly type: 'mode set'; readonly before: number }
  | { readonly type: 'not removed'; readonly problem: string }
  /** Another collector has the queue. `holder` says, for people, which process that is. */
  | { readonly type: 'waits'; readonly holder: string }
  | { readonly type: 'lock ignored'; readonly holder: string }
  | { readonly type: 'mark blocked' }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'end' };
