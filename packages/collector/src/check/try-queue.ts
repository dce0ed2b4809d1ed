import { randomBytes } from 'node:crypto';
import { QueueError, openQueue, unlinkQueue } from '@afstatsd/mqueue';
import type { CollectorOptions } from '../config/options.js';
import { describeHolders, holdersOf } from '../input/lock-holders.js';
import { openTrusted, ownerProblem } from '../input/open-queue.js';
import type { Attempt } from './attempt.js';

/**
 * Tries the queue. A missing queue isn't made, because clients would find it. Instead a queue of the same size is made for a
 * moment, under another name.
 */
export function tryQueue(name: string, { trustUid }: Pick<CollectorOptions, 'trustUid'>): Attempt {
  const part = `queue ${name}`;
  try {
    return existing(name, trustUid) ?? { part, result: 'ok', detail: `can be made, ${sizeOfNew()}` };
  } catch (error) {
    return { part, result: 'failed', detail: (error as Error).message };
  }
}

function existing(name: string, trustedUids: readonly number[]): Attempt | undefined {
  const part = `queue ${name}`;
  let queue;
  try {
    queue = openQueue(name, { access: 'read' });
  } catch (error) {
    if (error instanceof QueueError && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const problem = ownerProblem(queue, trustedUids);
    if (problem !== undefined) return { part, result: 'failed', detail: problem };
    const holders = holdersOf(queue);
    if (holders.length > 0) return { part, result: 'in use', detail: `read by ${describeHolders(holders)}` };
    const { depth, messageBytes, messages } = queue.attributes();
    return { part, result: 'ok', detail: `${size(depth, messageBytes)}, ${messages} waiting` };
  } finally {
    queue.close();
  }
}

function sizeOfNew(): string {
  const name = `/afstatsd-check-${process.pid}-${randomBytes(4).toString('hex')}`;
  const queue = openTrusted(name, [], () => {});
  try {
    const { depth, messageBytes } = queue.attributes();
    return size(depth, messageBytes);
  } finally {
    queue.close();
    unlinkQueue(name);
  }
}

function size(depth: number, messageBytes: number): string {
  return `${depth} messages of ${messageBytes} bytes`;
}
