import { closeSync, fchmodSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import {
  SyscallFailure,
  type LockState,
  type MarkState,
  type OpenRequest,
  type QueueAttributes,
  type QueueDescriptor,
  type QueueStatus,
  type ReceivedMessage,
} from './binding.js';
import { now } from './clock.js';
import { fileStatus } from './file-status.js';
import { attempt, closePosixMq, openPosixMq, type PosixMq, type PosixMqClass } from './posix-mq.js';

/** posix-mq cannot wait, so the queue is looked at in steps. */
const waitStepMs = 2;

/**
 * posix-mq has the event loop watch each queue that it opens and offers no way to stop that. The
 * watcher keeps the process alive and, while messages are waiting, turns the loop without rest. So
 * posix-mq has the queue open only until the running callback is over, and opens it again at the next
 * use (10 µs). In between, a descriptor of our own stands for the queue.
 */
export class PosixMqDescriptor implements QueueDescriptor {
  readonly #fd: number;
  readonly #addon: PosixMqClass;
  readonly #request: OpenRequest;
  #mq: PosixMq | undefined;

  constructor(addon: PosixMqClass, request: OpenRequest) {
    this.#addon = addon;
    this.#request = { name: request.name, flags: request.flags };
    const before = descriptorsOf(request.name);
    this.#mq = this.#openUntilCallbackEnds(request);
    const opened = descriptorsOf(request.name).find((fd) => !before.includes(fd));
    try {
      this.#fd = openSync(`/proc/self/fd/${opened}`, request.flags);
    } catch (error) {
      this.#release();
      throw failureOf('mq_open', error);
    }
  }

  send(message: Uint8Array, priority: number): boolean {
    const mq = this.#use();
    return attempt('mq_send', () => mq.push(message, priority));
  }

  receive(into: Uint8Array): ReceivedMessage | undefined {
    const mq = this.#use();
    const received = attempt('mq_receive', () => mq.shift(into, true));
    return received ? { bytes: received[0], priority: received[1] } : undefined;
  }

  wait(until: 'readable' | 'writable', timeoutMs: number): boolean {
    const pause = new Int32Array(new SharedArrayBuffer(4));
    const deadline = now() + timeoutMs;
    for (;;) {
      const { messages, depth } = this.attributes();
      if (until === 'readable' ? messages > 0 : messages < depth) return true;
      const left = deadline - now();
      if (left <= 0) return false;
      Atomics.wait(pause, 0, 0, Math.min(left, waitStepMs));
    }
  }

  attributes(): QueueAttributes {
    const mq = this.#use();
    return { depth: mq.maxmsgs, messageBytes: mq.msgsize, messages: mq.curmsgs };
  }

  status(): QueueStatus {
    return fileStatus(this.#fd);
  }

  setMode(mode: number): void {
    try {
      fchmodSync(this.#fd, mode);
    } catch (error) {
      throw failureOf('fchmod', error);
    }
  }

  /** Node has no call that locks a file. */
  lock(): LockState {
    return 'unsupported';
  }

  /** Node has no call that looks at locks. */
  mark(): number | undefined {
    return undefined;
  }

  setMark(): MarkState {
    return 'unsupported';
  }

  close(): void {
    this.#release();
    closeSync(this.#fd);
  }

  #use(): PosixMq {
    if (this.#mq === undefined) {
      this.#mq = this.#openUntilCallbackEnds(this.#request);
      if (this.status().nlink === 0) {
        // The name belongs to another queue by now.
        this.#release();
        throw new SyscallFailure('mq_open', 'ENOENT');
      }
    }
    return this.#mq;
  }

  #openUntilCallbackEnds(request: OpenRequest): PosixMq {
    const mq = openPosixMq(this.#addon, request);
    process.nextTick(() => this.#release());
    return mq;
  }

  #release(): void {
    if (this.#mq !== undefined) closePosixMq(this.#mq);
    this.#mq = undefined;
  }
}

function failureOf(syscall: string, error: unknown): SyscallFailure {
  return new SyscallFailure(syscall, (error as NodeJS.ErrnoException).code ?? 'EIO');
}

/** The process's descriptors on the queue of this name: the link of such a descriptor is the name. */
function descriptorsOf(name: string): string[] {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === name;
    } catch {
      return false; // Closed since: readdir's own descriptor.
    }
  });
}
