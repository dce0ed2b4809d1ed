import type { SyscallFailure } from './binding.js';
import { openFailure } from './open-failure.js';
import type { QueueAccess } from './open-options.js';
import { QueueError } from './queue-error.js';

interface Use {
  readonly queue: string;
  readonly access: QueueAccess;
  /** The length of the message, or of the array to receive into. */
  readonly bufferBytes: number;
  /** The queue's limit. A function, since asking for it is a system call. */
  readonly messageBytes: () => number;
}

/** Explains why an open queue could not be used. */
export function useFailure(failure: SyscallFailure, use: Use): QueueError {
  const { syscall, code } = failure;
  // posix-mq opens the queue again while it is in use.
  if (syscall === 'mq_open' && code !== 'ENOENT') return openFailure(failure, use.queue, use);
  return new QueueError({ code, syscall, queue: use.queue, reason: reasonOf(failure, use) });
}

function reasonOf({ syscall, code }: SyscallFailure, use: Use): string {
  switch (code) {
    case 'EMSGSIZE':
      return syscall === 'mq_send'
        ? `the message has ${use.bufferBytes} bytes, and the queue takes ${use.messageBytes()} at most: ` +
            'send less, or make the queue anew with a larger options.create.messageBytes'
        : `the array to receive into has ${use.bufferBytes} bytes, and a message may have ` +
            `${use.messageBytes()}: give it attributes().messageBytes`;
    case 'EBADF':
      return (
        `the queue was opened with access '${use.access}', which doesn't allow this call ` +
        '(or other code closed the descriptor): open it with the access that you need'
      );
    case 'EPERM':
      return 'the queue belongs to another user, who alone may do that, besides root';
    case 'ENOENT':
      return 'the queue was unlinked after it was opened: close this handle, and open the name anew';
    default:
      return `the system gave no further reason: see ${syscall}(3)`;
  }
}
