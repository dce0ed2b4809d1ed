import type { ReadBatch } from '../lines/read-batch.js';
import type { PortOptions } from './datagram-port.js';

/** Messages between a thread that reads datagrams and the main thread. */

export interface DatagramReaderOptions {
  /** The sockets to read. */
  readonly ports: readonly PortOptions[];
  /** Indices of the `ports` whose address the machine may lack. These may be missing, but at least one port has to open. */
  readonly optional: readonly number[];
  /** Whether the kernel has room for many waiting datagrams. If so, the reader may pause while they gather. */
  readonly gathers: boolean;
  /** The most keys of `KnownLines`. */
  readonly knownLines: number;
  /** Shared words. Their indices are in `reader-words.ts`. */
  readonly shared: Int32Array;
}

export type FromDatagramReader =
  /** The sockets are open, except the `ports` whose indices are in `missing`. */
  | { readonly type: 'ready'; readonly missing: readonly number[] }
  /** The reader can't run on this machine, for example because it has no koffi. */
  | { readonly type: 'unavailable'; readonly reason: string }
  /** A socket can't be opened, or can't be read any more. `port` is its index in `ports`. */
  | {
      readonly type: 'failed';
      readonly message: string;
      readonly code: string | undefined;
      readonly port: number;
    }
  | { readonly type: 'batch'; readonly batch: ReadBatch }
  /** The number of datagrams that the kernel has dropped since the last message of this type. */
  | { readonly type: 'dropped'; readonly datagrams: number }
  /** The file of a UNIX socket had been removed, and was made again. */
  | { readonly type: 'made again'; readonly port: number }
  | { readonly type: 'end' };
