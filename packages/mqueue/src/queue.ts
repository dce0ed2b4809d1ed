import type {
  BindingName,
  LockKind,
  LockState,
  MarkState,
  QueueAttributes,
  ReceivedMessage,
} from './binding.js';

/**
 * An open message queue. Every member but `name`, `binding` and `close` throws a
 * `QueueError` with code `EBADF` after `close`.
 *
 * @example
 * ```ts
 * import { openQueue, unlinkQueue } from '@afstatsd/mqueue';
 *
 * const name = `/example-${process.pid}`;
 * const queue = openQueue(name, { access: 'readwrite', create: {} });
 * if (!queue.send(Buffer.from('hits:1|c'))) console.log('the queue is full');
 *
 * const into = Buffer.alloc(queue.attributes().messageBytes);
 * for (let got; (got = queue.receive(into)) !== undefined; ) {
 *   console.log(into.toString('utf8', 0, got.bytes));
 * }
 * queue.close();
 * unlinkQueue(name);
 * ```
 */
export interface Queue {
  /** The queue's name, with its leading slash. */
  readonly name: string;
  /** The native library that makes the system calls. */
  readonly binding: BindingName;

  /**
   * Puts a message into the queue.
   *
   * @param message - At most `attributes().messageBytes` long, and may be empty. It is copied.
   * @param priority - 0 (the default) to 32767, with posix-mq to 31. Higher ones are received first.
   * @returns True when the queue has taken the message, false when it is full: no exception, since
   * that is the ordinary state of a queue whose reader is slow.
   * @throws QueueError `EMSGSIZE` when the message is too long, `EBADF` without write access, `ENOENT`
   * for a queue that was unlinked (posix-mq only).
   * @throws TypeError, RangeError for a wrong argument.
   */
  send(message: Uint8Array, priority?: number): boolean;

  /**
   * Takes the oldest message of the highest priority out of the queue.
   *
   * @param into - Gets the message, from index 0. At least `attributes().messageBytes` long, whatever
   * the message's own length.
   * @returns The message's length and priority, or `undefined` when the queue is empty.
   * @throws QueueError `EMSGSIZE` when `into` is too short, `EBADF` without read access, `ENOENT` for
   * a queue that was unlinked (posix-mq only).
   * @throws TypeError for a wrong argument.
   */
  receive(into: Uint8Array): ReceivedMessage | undefined;

  /**
   * Blocks the calling thread, event loop included, until the queue has a message, or with access
   * `'write'` until it has room. For worker threads and for the end of a process.
   *
   * @param timeoutMs - Milliseconds, from 0 (look, don't wait) to `Infinity`.
   * @returns False when the time was over first. Another reader or writer may still be faster, so
   * `receive` or `send` has the last word.
   * @throws TypeError, RangeError for a wrong argument.
   */
  wait(timeoutMs: number): boolean;

  /** The queue's size and the number of messages in it now. */
  attributes(): QueueAttributes;

  /** The uid of the queue's owner. Whoever makes a queue first owns it and reads what is sent. */
  readonly owner: number;
  /** The queue's permission bits, such as 0o622. See {@link Queue.setMode}. */
  readonly mode: number;

  /**
   * Sets the queue's permission bits, for who opens it from then on.
   *
   * @param mode - From 0 to 0o777.
   * @throws QueueError `EPERM` for anybody but the queue's owner and root.
   * @throws TypeError, RangeError for a wrong argument.
   */
  setMode(mode: number): void;

  /**
   * True when the queue was unlinked after it was opened. Nobody who opens the name from then on reads
   * what is sent to this handle: close it, and open the name again. With koffi `send` doesn't fail on
   * such a queue; with posix-mq it throws `ENOENT`, at the latest in the event loop's next callback.
   */
  readonly stale: boolean;

  /**
   * A number that a reader of this queue has put on it with {@link Queue.setMark}, for instance how often it wants to hear
   * from senders. With several readers it is the lowest one. A look takes about 2 µs, and needs no right but that to send.
   * `undefined`: no reader has set one, the one who did has closed the queue or has ended, or it isn't known (the binding
   * posix-mq, 32-bit systems).
   */
  readonly mark: number | undefined;

  /**
   * Puts a number on the queue, where every process that has the queue open can see it as {@link Queue.mark}. It goes when
   * this handle is closed or the process ends, however it does. It is a lock that the queue itself doesn't heed (`F_OFD_SETLK`),
   * so it takes no room and keeps nobody from sending or receiving.
   *
   * @param mark - An integer from 1 to 2,147,483,647. `undefined` takes the mark away.
   * @returns `set`; `blocked` when a lock of another process hides the mark or keeps it from being set, in which case an
   * earlier mark of this handle may still be there, and a later call may succeed; `unsupported` with posix-mq and on 32-bit
   * systems.
   * @throws QueueError `EBADF` without read access, so that a process that may only send can't set one.
   * @throws TypeError, RangeError for a wrong argument.
   * @example
   * ```ts
   * import { openQueue, unlinkQueue } from '@afstatsd/mqueue';
   *
   * const name = `/example-${process.pid}`;
   * const reader = openQueue(name, { access: 'read', create: { mode: 0o622 } });
   * const sender = openQueue(name, { access: 'write' });
   * reader.setMark(5_000);
   * console.log(sender.mark); // 5000
   * reader.close();
   * console.log(sender.mark); // undefined
   * sender.close();
   * unlinkQueue(name);
   * ```
   */
  setMark(mark: number | undefined): MarkState;

  /**
   * Tries to lock the queue (flock(2)), so that programs that read it can keep off each other. The queue itself doesn't heed the
   * lock. It goes when this handle is closed or the process ends, however it does. A handle that holds a lock can change it
   * for one of the other kind; while that is refused, it may hold none.
   *
   * Everybody who may open the queue can lock it: see {@link Queue.lockHolders}.
   *
   * @param kind - `exclusive`: one handle at a time. `shared`: any number of handles, while none has an exclusive lock.
   * @returns `locked`, `held` by another handle, or `unsupported`. It never waits.
   * @throws TypeError for a wrong argument.
   * @example
   * ```ts
   * import { openQueue, unlinkQueue } from '@afstatsd/mqueue';
   *
   * const name = `/example-${process.pid}`;
   * const reader = openQueue(name, { access: 'read', create: {} });
   * console.log(reader.lock('exclusive')); // locked
   * const second = openQueue(name, { access: 'read' });
   * console.log(second.lock('exclusive'), second.lockHolders); // held, and this process's id
   * reader.close();
   * console.log(second.lock('exclusive')); // locked
   * second.close();
   * unlinkQueue(name);
   * ```
   */
  lock(kind: LockKind): LockState;

  /**
   * The ids of the processes that hold a lock on the queue ({@link Queue.lock}), by `/proc/locks`. Those in a PID namespace that this
   * process can't see are left out. A process that has locked a handle and ended, while a child of its own still has the handle,
   * is named by the id that it had.
   */
  readonly lockHolders: readonly number[];

  /**
   * Closes the handle; the queue and its messages stay. A second call does nothing. A handle that is
   * never closed keeps its descriptor until the process ends: garbage collection doesn't close it.
   */
  close(): void;
}
