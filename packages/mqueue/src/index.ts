/**
 * POSIX message queues, on Linux.
 *
 * @module
 */
export type {
  BindingName,
  LockKind,
  LockState,
  MarkState,
  QueueAttributes,
  ReceivedMessage,
} from './binding.js';
export type { CreateOptions, OpenOptions, QueueAccess } from './open-options.js';
export { openQueue, unlinkQueue } from './open-queue.js';
export { QueueError, type QueueErrorDetails } from './queue-error.js';
export { type QueueNameProblem, queueNameProblem } from './queue-name.js';
export type { Queue } from './queue.js';
