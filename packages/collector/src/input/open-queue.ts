import { readFileSync } from 'node:fs';
import { type Queue, QueueError, openQueue } from '@afstatsd/mqueue';

/** The depth of the queue, in messages: the same as the original collector's. A system with a lower limit gives less. */
const DEPTH = 200;
/** Room for a message, in bytes: the format's 2048 bytes and the additions of AppFirst's C library, with some to spare. */
const MESSAGE_BYTES = 2112;
/** All users may write to the queue. Only its owner may read. */
const MODE = 0o622;
/** Linux's default limits, in messages and in bytes. */
const LINUX = { msg_max: 10, msgsize_max: 8192 } as const;

/**
 * Makes the queue, or opens an existing one. The owner of an existing queue has to be trusted, because the owner can read it.
 *
 * @param onModeSet - Called with the old mode of this user's queue when its mode was wrong and has been corrected.
 */
export function openTrusted(
  name: string,
  trustedUids: readonly number[],
  onModeSet: (before: number) => void,
): Queue {
  const queue = openOrMake(name);
  try {
    const problem = ownerProblem(queue, trustedUids);
    if (problem !== undefined) throw new Error(problem);
    const { mode } = queue;
    const isOwn = queue.owner === (process.getuid?.() ?? 0);
    // Another program has made the queue, or a start ended before the mode was set.
    if (isOwn && mode !== MODE) {
      queue.setMode(MODE);
      onModeSet(mode);
    }
    return queue;
  } catch (error) {
    queue.close();
    throw error;
  }
}

/** The reason not to use a queue. Undefined if its owner is trusted. */
export function ownerProblem({ name, owner }: Queue, trustedUids: readonly number[]): string | undefined {
  if (owner === (process.getuid?.() ?? 0) || trustedUids.includes(owner)) return undefined;
  return `queue ${name} belongs to user ${owner}, who could read what clients send. Remove it, or give --trust-uid ${owner}`;
}

function openOrMake(name: string): Queue {
  const [depth, messageBytes] = [limit('msg_max'), limit('msgsize_max')];
  try {
    return openOfSize(name, depth ?? DEPTH, messageBytes ?? MESSAGE_BYTES);
  } catch (error) {
    // A sandbox may hide the limits.
    const isHidden = depth === undefined || messageBytes === undefined;
    if (!isHidden || !(error instanceof QueueError) || error.code !== 'EINVAL') throw error;
    return openOfSize(name, depth ?? LINUX.msg_max, messageBytes ?? LINUX.msgsize_max);
  }
}

function openOfSize(name: string, depth: number, messageBytes: number): Queue {
  return openQueue(name, {
    access: 'read',
    create: {
      depth: Math.min(DEPTH, depth),
      messageBytes: Math.min(MESSAGE_BYTES, messageBytes),
      mode: MODE,
    },
  });
}

function limit(file: keyof typeof LINUX): number | undefined {
  try {
    return Number(readFileSync(`/proc/sys/fs/mqueue/${file}`, 'utf8'));
  } catch {
    return undefined; // the file system isn't mounted, or is hidden, so only the kernel knows the limits
  }
}
