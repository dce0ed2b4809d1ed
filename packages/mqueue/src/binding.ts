/** Why a library can't be used that was loaded: webpack answers `require` of a module that is missing, or threw, by an empty one. */
export const REPLACED =
  'an empty module is in its place, as a bundler makes it of one that could not be loaded';

/** The native libraries that can make the system calls. */
export type BindingName = 'koffi' | 'posix-mq';

/** How full a queue is, and what it holds at most. */
export interface QueueAttributes {
  /** The number of messages that the queue holds at most. */
  readonly depth: number;
  /** The size of the largest message that the queue takes, in bytes. */
  readonly messageBytes: number;
  /** The number of messages in the queue now. */
  readonly messages: number;
}

/** A message that was received. */
export interface ReceivedMessage {
  /** The message's length: it is at the start of the array that was given to `receive`. */
  readonly bytes: number;
  /** The priority that it was sent with. */
  readonly priority: number;
}

/**
 * The outcome of setting a mark.
 *
 * - `set`: every process that has the queue open can see it.
 * - `blocked`: another process holds a lock there that hides it, or keeps it from being set. Then the mark that was set
 *   before stays.
 * - `unsupported`: the binding posix-mq, a system with 32-bit pointers, or a sandbox without locks.
 */
export type MarkState = 'set' | 'blocked' | 'unsupported';

/** A kind of lock. One handle at a time can hold an exclusive lock, and only while nobody holds a shared one. */
export type LockKind = 'exclusive' | 'shared';

/**
 * The outcome of a try to lock.
 *
 * - `locked`: this handle holds the lock.
 * - `held`: another handle does, of this process or of another one.
 * - `unsupported`: the binding posix-mq, or a sandbox without locks.
 */
export type LockState = 'locked' | 'held' | 'unsupported';

/** The status of an open queue, which is a file to the system. */
export interface QueueStatus {
  /** The user id of the owner. */
  readonly uid: number;
  /** Permission bits. */
  readonly mode: number;
  /** 0 once the queue was unlinked. */
  readonly nlink: number;
  /** The device and inode, as `/proc/locks` writes them: `00:14:1989876`. */
  readonly inode: string;
}

/** The arguments of `mq_open`. */
export interface OpenRequest {
  readonly name: string;
  /** Access and `O_NONBLOCK`. `create` implies `O_CREAT` and `O_EXCL`. */
  readonly flags: number;
  /** The attributes of the queue to make, which must not exist yet. */
  readonly create?: { readonly depth: number; readonly messageBytes: number; readonly mode: number };
}

/** An open queue. Arguments were checked already; failures are a {@link SyscallFailure}. */
export interface QueueDescriptor {
  /** False: the queue is full. */
  send(message: Uint8Array, priority: number): boolean;
  /** `undefined`: the queue is empty. */
  receive(into: Uint8Array): ReceivedMessage | undefined;
  /** Blocks the thread; false when the time was over first. */
  wait(until: 'readable' | 'writable', timeoutMs: number): boolean;
  attributes(): QueueAttributes;
  status(): QueueStatus;
  setMode(mode: number): void;
  /** Never waits. */
  lock(kind: LockKind): LockState;
  /** `undefined`: there is none, or it isn't known. */
  mark(): number | undefined;
  setMark(mark: number | undefined): MarkState;
  close(): void;
}

/** One way to reach the system's `mq_*` calls. */
export interface Binding {
  readonly name: BindingName;
  readonly maxPriority: number;
  open(request: OpenRequest): QueueDescriptor;
  unlink(name: string): void;
}

/** A system call that failed, before it is explained to the caller as a `QueueError`. */
export class SyscallFailure extends Error {
  readonly syscall: string;
  readonly code: string;

  constructor(syscall: string, code: string) {
    super(`${syscall}: ${code}`);
    this.syscall = syscall;
    this.code = code;
  }
}
