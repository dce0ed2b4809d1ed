import { constants } from 'node:os';

/** The parts of a {@link QueueError}. */
export interface QueueErrorDetails {
  /** The system's name of the error: `ENOENT`, `EACCES`, … */
  readonly code: string;
  /** The call that failed: `mq_open`, `mq_send`, … */
  readonly syscall: string;
  /** The name of the queue, with its leading slash. */
  readonly queue: string;
  /** What happened, with what value, and what to do about it. */
  readonly reason: string;
}

/**
 * Thrown by every operation on a queue that fails, except for wrong arguments, which are a
 * `TypeError` or a `RangeError`. A full queue and an empty one are results, not errors.
 *
 * @example
 * ```ts
 * import { QueueError, openQueue } from '@afstatsd/mqueue';
 *
 * try {
 *   openQueue('/no-such-queue', { access: 'write' });
 * } catch (error) {
 *   if (error instanceof QueueError && error.code === 'ENOENT') console.log('no queue');
 *   else throw error;
 * }
 * ```
 */
export class QueueError extends Error {
  override readonly name = 'QueueError';
  /** The system's name of the error, as in Node's own errors: `ENOENT`, `EACCES`, … */
  readonly code: string;
  /** The call that failed: `mq_open`, `mq_send`, `mq_receive`, `mq_unlink`, … */
  readonly syscall: string;
  /** The name of the queue, with its leading slash. */
  readonly queue: string;
  /** The error's number, negative as in Node's own errors; absent if this system has none for `code`. */
  readonly errno?: number;

  /** @param details - Its properties, and the reason, which its message gives with them. */
  constructor({ code, syscall, queue, reason }: QueueErrorDetails) {
    super(`${syscall} ${queue}: ${code}, ${reason}`);
    this.code = code;
    this.syscall = syscall;
    this.queue = queue;
    const errno = (constants.errno as Record<string, number | undefined>)[code];
    if (errno !== undefined) this.errno = -errno;
  }
}
