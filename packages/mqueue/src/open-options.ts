import { checkBoolean, checkInteger, checkObject, mismatch } from './check-arguments.js';

/** What a handle may do: receive, send, or both. */
export type QueueAccess = 'read' | 'write' | 'readwrite';

/** Attributes of a queue that is about to be made. A queue that exists keeps its own. */
export interface CreateOptions {
  /**
   * The number of messages that the queue holds, from 1. Default: 10.
   * Over `/proc/sys/fs/mqueue/msg_max`, the system refuses it to unprivileged users (`EINVAL`).
   */
  readonly depth?: number | undefined;
  /**
   * The size of the largest message in bytes, from 1. Default: 8192.
   * Over `/proc/sys/fs/mqueue/msgsize_max`, the system refuses it to unprivileged users (`EINVAL`).
   */
  readonly messageBytes?: number | undefined;
  /**
   * Permission bits, from 0 to 0o777. Default: 0o600. They are set exactly, whatever the umask, if
   * this call makes the queue. With 0o622 every user may send, and only the owner may receive.
   */
  readonly mode?: number | undefined;
  /** Whether an existing queue of the name is an error (`EEXIST`). Default: false. */
  readonly exclusive?: boolean | undefined;
}

/** How {@link openQueue} opens a queue. */
export interface OpenOptions {
  /** What the handle may do. Required. */
  readonly access: QueueAccess;
  /** Makes the queue if there is none of the name. Default: it must exist (`ENOENT`). */
  readonly create?: CreateOptions | undefined;
  /**
   * With true, `send` on a full queue and `receive` on an empty one return at once. With false they
   * block the calling thread, and with it its event loop: for worker threads only. Default: true.
   */
  readonly nonBlocking?: boolean | undefined;
}

/** {@link CreateOptions} with every default filled in. */
export interface CreateAttributes {
  readonly depth: number;
  readonly messageBytes: number;
  readonly mode: number;
  readonly exclusive: boolean;
}

/** {@link OpenOptions}, checked, with every default filled in. */
export interface ResolvedOptions {
  readonly access: QueueAccess;
  readonly create: CreateAttributes | undefined;
  readonly nonBlocking: boolean;
}

const accesses: readonly string[] = ['read', 'write', 'readwrite'] satisfies QueueAccess[];
const maxInt = 0x7fff_ffff;

export function resolveOptions(options: OpenOptions): ResolvedOptions {
  checkObject('options', options);
  const { access, create, nonBlocking = true } = options;
  if (!accesses.includes(access)) {
    throw mismatch('options.access', "'read', 'write' or 'readwrite'", access);
  }
  checkBoolean('options.nonBlocking', nonBlocking);
  return {
    access,
    create: create === undefined ? undefined : resolveCreate(create),
    nonBlocking,
  };
}

function resolveCreate(create: CreateOptions): CreateAttributes {
  checkObject('options.create', create);
  const { depth = 10, messageBytes = 8192, mode = 0o600, exclusive = false } = create;
  checkInteger('options.create.depth', depth, 1, maxInt);
  checkInteger('options.create.messageBytes', messageBytes, 1, maxInt);
  checkInteger('options.create.mode', mode, 0, 0o777);
  checkBoolean('options.create.exclusive', exclusive);
  return { depth, messageBytes, mode, exclusive };
}
