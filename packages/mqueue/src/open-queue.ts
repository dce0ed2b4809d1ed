import { constants } from 'node:fs';
import { SyscallFailure, type Binding, type OpenRequest, type QueueDescriptor } from './binding.js';
import { openFailure } from './open-failure.js';
import { resolveOptions, type OpenOptions, type ResolvedOptions } from './open-options.js';
import { checkQueueName } from './queue-name.js';
import { DescriptorQueue } from './descriptor-queue.js';
import type { Queue } from './queue.js';
import { selectBinding } from './select-binding.js';

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;

const accessFlags = { read: O_RDONLY, write: O_WRONLY, readwrite: O_RDWR } as const;

/**
 * Opens a POSIX message queue, and makes it first if `options.create` is given and there is none.
 *
 * @param name - A slash, and 1 to 255 bytes without another slash or NUL: `/metrics`.
 * @throws QueueError `ENOENT` when there is no such queue, `EEXIST` when there is one and
 * `create.exclusive` is true, `EACCES` without the right, `EINVAL` for a wrong name or for sizes over
 * the system's limits, `EMFILE`, `ENFILE` or `ENOSPC` when a limit is reached, `ENOTSUP` when this
 * platform has no queues or no binding can be loaded.
 * @throws TypeError, RangeError for a wrong option.
 * @example
 * ```ts
 * import { openQueue, unlinkQueue } from '@afstatsd/mqueue';
 *
 * const name = `/example-${process.pid}`;
 * const queue = openQueue(name, { access: 'readwrite', create: { depth: 10, mode: 0o622 } });
 * queue.send(Buffer.from('hits:1|c'));
 * queue.close();
 * unlinkQueue(name);
 * ```
 */
export function openQueue(name: string, options: OpenOptions): Queue {
  checkQueueName(name, 'mq_open');
  const resolved = resolveOptions(options);
  const binding = selectBinding('mq_open', name);
  try {
    return new DescriptorQueue(name, resolved.access, binding, open(binding, name, resolved));
  } catch (failure) {
    throw failure instanceof SyscallFailure ? openFailure(failure, name, resolved) : failure;
  }
}

/**
 * Removes a queue's name. Handles that are open keep working on the queue without a name (see
 * {@link Queue.stale}); its memory is freed when the last one is closed.
 *
 * @param name - As for {@link openQueue}, which has an example.
 * @throws QueueError `ENOENT` when there is no such queue, `EACCES` when it belongs to another user.
 */
export function unlinkQueue(name: string): void {
  checkQueueName(name, 'mq_unlink');
  const binding = selectBinding('mq_unlink', name);
  try {
    binding.unlink(name);
  } catch (failure) {
    throw failure instanceof SyscallFailure ? openFailure(failure, name) : failure;
  }
}

/**
 * `O_CREAT` alone doesn't tell whether this call made the queue, and the mode must be set only then.
 * So making and opening are two calls, repeated if the queue comes or goes between them.
 */
function open(
  binding: Binding,
  name: string,
  { access, create, nonBlocking }: ResolvedOptions,
): QueueDescriptor {
  const flags = accessFlags[access] | (nonBlocking ? O_NONBLOCK : 0);
  if (create === undefined) return binding.open({ name, flags });
  for (;;) {
    try {
      return make(binding, { name, flags, create });
    } catch (failure) {
      if (create.exclusive || !hasCode(failure, 'EEXIST')) throw failure;
    }
    try {
      return binding.open({ name, flags });
    } catch (failure) {
      if (!hasCode(failure, 'ENOENT')) throw failure;
    }
  }
}

/** Makes the queue. A queue whose mode can't be set is no use to anybody, so it doesn't stay. */
function make(binding: Binding, request: Required<OpenRequest>): QueueDescriptor {
  const descriptor = binding.open(request);
  try {
    descriptor.setMode(request.create.mode);
    return descriptor;
  } catch (failure) {
    descriptor.close();
    binding.unlink(request.name);
    throw failure;
  }
}

function hasCode(failure: unknown, code: string): boolean {
  return failure instanceof SyscallFailure && failure.code === code;
}
