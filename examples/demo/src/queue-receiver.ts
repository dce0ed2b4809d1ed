import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { AFTransport } from '@afstatsd/core';
import { openQueue } from '@afstatsd/mqueue';
import type { Arrived } from './arrivals.js';
import type { Receiver } from './receiver.js';
import { removeQueue } from './remove-queue.js';

const DEPTH = 10;
/** What the AppFirst collector's queue has: its messages have up to 2048 bytes, those of a C client a few more. */
const MESSAGE_BYTES = 2112;

/** A message queue of the demo's own, and the program that reads it. */
export class QueueReceiver implements Receiver {
  readonly description: string;
  readonly transport: AFTransport;
  readonly failed: Promise<never>;
  readonly #queue: string;
  readonly #reader: ChildProcess;

  private constructor(queue: string, reader: ChildProcess, failed: Promise<never>) {
    this.description = `the message queue ${queue}, to process ${reader.pid}`;
    this.transport = new AFTransport({ queue });
    this.failed = failed;
    this.#queue = queue;
    this.#reader = reader;
  }

  /** @throws QueueError when this machine or this user has no message queues. */
  static async start(): Promise<QueueReceiver> {
    const queue = `/afstatsd-demo-${process.pid}-${randomBytes(4).toString('hex')}`;
    const create = { depth: limited(DEPTH, 'msg_max'), messageBytes: limited(MESSAGE_BYTES, 'msgsize_max') };
    openQueue(queue, { access: 'write', create: { ...create, mode: 0o600, exclusive: true } }).close();
    try {
      const reader = fork(require.resolve('./reader.js'), [queue], { serialization: 'advanced' });
      const failed = once(reader, 'exit').then(([code, signal]) => {
        throw new Error(`the reader ended with ${String(code ?? signal)} before it was told to`);
      });
      failed.catch(() => {});
      await Promise.race([once(reader, 'message'), failed]);
      return new QueueReceiver(queue, reader, failed);
    } catch (error) {
      removeQueue(queue);
      throw error;
    }
  }

  async finish(): Promise<Arrived> {
    const answer = once(this.#reader, 'message');
    const ended = once(this.#reader, 'exit');
    this.#reader.send('stop');
    const [arrived] = (await Promise.race([answer, this.failed])) as [Arrived];
    await ended;
    return arrived;
  }

  close(): void {
    this.#reader.kill('SIGKILL');
    removeQueue(this.#queue);
  }
}

/** What is wanted, or what an unprivileged user may have where that is less. */
function limited(wanted: number, limit: 'msg_max' | 'msgsize_max'): number {
  try {
    return Math.min(wanted, Number(readFileSync(`/proc/sys/fs/mqueue/${limit}`, 'utf8')));
  } catch {
    return wanted;
  }
}
