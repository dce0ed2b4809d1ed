import type { ReadBatch } from '../lines/read-batch.js';

/** Messages between the thread that reads the queue and the main thread. */

export interface ReaderOptions {
  readonly queue: string;
  readonly trustedUids: readonly number[];
  /** Whether other collectors may read the queue, too. */
  readonly isShared: boolean;
  /** Whether the queue is removed at the end. */
  readonly unlink: boolean;
  /** The most keys of `KnownLines`. */
  readonly knownLines: number;
  /** Shared words. Their indices are in `reader-words.ts`. */
  readonly shared: Int32Array;
}

export type FromReader =
  | {
      readonly type: 'ready';
      readonly depth: number;
      readonly messageBytes: number;
      readonly mode: number;
      readonly waiting: number;
    }
  /** The samples of some messages. `waiting` is the number of messages in the queue after that. */
  | { readonly type: 'batch'; readonly batch: ReadBatch; readonly waiting: number }
  /** A message with another priority than metrics. */
  | { readonly type: 'other message'; readonly bytes: Uint8Array; readonly priority: number }
  | { readonly type: 'removed'; readonly problem: string }
  | { readonly type: 'made again' }
  /** The queue of this user had a wrong mode, `before`. The mode has been corrected. */
  | { readonly type: 'mode set'; readonly before: number }
  | { readonly type: 'not removed'; readonly problem: string }
  /** Another collector has the queue. `holder` names its process, as text for a message. */
  | { readonly type: 'waits'; readonly holder: string }
  | { readonly type: 'lock ignored'; readonly holder: string }
  | { readonly type: 'mark blocked' }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'end' };
