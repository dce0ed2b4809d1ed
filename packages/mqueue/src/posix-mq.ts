import timers from 'node:timers';
import { SyscallFailure, type OpenRequest } from './binding.js';
import { errorCodeOf } from './strerror.js';

// Fake-timer libraries replace the global while a program runs.
const { setImmediate } = timers;

/** What this package uses of posix-mq 1.1, which ships no types. */
export interface PosixMq {
  open(config: {
    name: string;
    flags: number;
    create?: boolean;
    exclusive?: boolean;
    mode?: number;
    maxmsgs?: number;
    msgsize?: number;
  }): void;
  /** False: the queue is full. */
  push(message: Uint8Array, priority: number): boolean;
  /** False: the queue is empty. */
  shift(into: Uint8Array, withPriority: true): [bytes: number, priority: number] | false;
  unlink(): void;
  close(): void;
  readonly maxmsgs: number;
  readonly msgsize: number;
  readonly curmsgs: number;
}

export type PosixMqClass = new () => PosixMq;

export function openPosixMq(
  PosixMq: PosixMqClass,
  request: OpenRequest,
  syscall: string = 'mq_open',
): PosixMq {
  const { name, flags, create } = request;
  const mq = new PosixMq();
  attempt(syscall, () =>
    mq.open(
      create === undefined
        ? { name, flags }
        : {
            name,
            flags,
            create: true,
            exclusive: true,
            // The final mode is set afterwards, through a descriptor that needs the owner's rights.
            mode: create.mode | 0o600,
            maxmsgs: create.depth,
            msgsize: create.messageBytes,
          },
    ),
  );
  return mq;
}

/**
 * posix-mq frees the native side of an object that is garbage collected while libuv still closes its
 * handle, which happens at the end of the event loop's turn: until then it is kept here.
 */
const closing = new Set<PosixMq>();

export function closePosixMq(mq: PosixMq): void {
  closing.add(mq);
  mq.close();
  setImmediate(() => setImmediate(() => closing.delete(mq)));
}

/** posix-mq throws errors that have nothing but the text of strerror(3). */
export function attempt<T>(syscall: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    const code = errorCodeOf((error as Error).message);
    throw code === undefined ? error : new SyscallFailure(syscall, code);
  }
}
