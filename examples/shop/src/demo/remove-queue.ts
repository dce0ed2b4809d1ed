import { QueueError, unlinkQueue } from '@afstatsd/mqueue';

/** Removes a queue's name; it is fine if somebody else has done so. */
export function removeQueue(name: string): void {
  try {
    unlinkQueue(name);
  } catch (error) {
    if (!(error instanceof QueueError && error.code === 'ENOENT')) throw error;
  }
}
