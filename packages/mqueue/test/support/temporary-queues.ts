import { randomBytes } from 'node:crypto';
import { openQueue, QueueError, unlinkQueue, type OpenOptions, type Queue } from '../../src/index.js';

export interface TemporaryQueues {
  /** A name that no other queue has. */
  newName(): string;
  /** Makes a queue of depth 4 with messages of 64 bytes, unless `options` say otherwise. */
  make(options?: Partial<OpenOptions>, name?: string): Queue;
  open(name: string, options: OpenOptions): Queue;
}

/** Queues of the calling suite: after each test they are closed and unlinked. */
export function temporaryQueues(): TemporaryQueues {
  const names: string[] = [];
  const queues: Queue[] = [];

  afterEach(() => {
    for (const queue of queues.splice(0)) queue.close();
    for (const name of names.splice(0)) unlinkIfPresent(name);
  });

  const newName = (): string => {
    const name = `/afstatsd-test-${process.pid}-${randomBytes(6).toString('hex')}`;
    names.push(name);
    return name;
  };
  const open = (name: string, options: OpenOptions): Queue => {
    const queue = openQueue(name, options);
    queues.push(queue);
    return queue;
  };
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

function unlinkIfPresent(name: string): void {
  try {
    unlinkQueue(name);
  } catch (error) {
    if (!(error instanceof QueueError && error.code === 'ENOENT')) throw error;
  }
}
