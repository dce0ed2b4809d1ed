import { type Queues, useQueues } from '@afstatsd/testing';
import type { OpenOptions, Queue } from '../../src/index.js';

export interface SmallQueues extends Pick<Queues, 'newName' | 'open'> {
  /** Makes a queue of depth 4 with messages of 64 bytes, unless `options` say otherwise. */
  make(options?: Partial<OpenOptions>, name?: string): Queue;
}

/** To be called in a `describe`: its tests' queues are closed and unlinked after the test. */
export function useSmallQueues(): SmallQueues {
  const { newName, open } = useQueues();
  return {
    newName,
    open,
    make: ({ create, ...options } = {}, name = newName()) =>
      open(name, {
        access: 'readwrite',
        ...options,
        create: { depth: 4, messageBytes: 64, ...create },
      }),
  };
}
