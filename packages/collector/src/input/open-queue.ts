import { readFileSync } from 'node:fs';
import { type Queue, QueueError, openQueue } from '@afstatsd/mqueue';

/** As many as the original collector's; a system whose limit is lower gives what it can. */
const DEPTH = 200;
/** The format's 2048 bytes, and what AppFirst's C library adds to them, with room to spare. */
const MESSAGE_BYTES = 2112;
/** All users may write to the queue. Only its owner may read. */
const MODE = 0o622;
/** The limits of a Linux that nobody has configured. */
const LINUX = { msg_max: 10, msgsize_max: 8192 } as const;

/**
 * Makes the queue, or takes the one that is there, if its owner is to be trusted: the owner can read it, too.
 *
 * @param onModeSet - Called with the mode that a queue of this user's had before it was set as it should be.
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

/** The reason not to use a queue, if its owner isn't to be trusted. */
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
    return undefined; // not mounted, or hidden: the kernel itself will say
  }
}
