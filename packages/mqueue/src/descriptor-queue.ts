import {
  SyscallFailure,
  type Binding,
  type BindingName,
  type LockKind,
  type LockState,
  type MarkState,
  type QueueAttributes,
  type QueueDescriptor,
  type ReceivedMessage,
} from './binding.js';
import { checkBytes, checkInteger, checkTimeout, mismatch } from './check-arguments.js';
import type { QueueAccess } from './open-options.js';
import { lockHolders } from './lock-holders.js';
import { MAX_MARK } from './queue-mark.js';
import { QueueError } from './queue-error.js';
import type { Queue } from './queue.js';
import { useFailure } from './use-failure.js';

/** Checks arguments and explains failures; a binding's descriptor does the work. */
export class DescriptorQueue implements Queue {
  readonly name: string;
  readonly #binding: Binding;
  readonly #access: QueueAccess;
  #descriptor: QueueDescriptor | undefined;

  constructor(name: string, access: QueueAccess, binding: Binding, descriptor: QueueDescriptor) {
    this.name = name;
    this.#access = access;
    this.#binding = binding;
    this.#descriptor = descriptor;
  }

  get binding(): BindingName {
    return this.#binding.name;
  }

  send(message: Uint8Array, priority: number = 0): boolean {
    const descriptor = this.#open('mq_send');
    checkBytes('message', message);
    checkInteger('priority', priority, 0, this.#binding.maxPriority);
    try {
      return descriptor.send(message, priority);
    } catch (failure) {
      throw this.#explain(failure, message);
    }
  }

  receive(into: Uint8Array): ReceivedMessage | undefined {
    const descriptor = this.#open('mq_receive');
    checkBytes('into', into);
    try {
      return descriptor.receive(into);
    } catch (failure) {
      throw this.#explain(failure, into);
    }
  }

  wait(timeoutMs: number): boolean {
    const descriptor = this.#open('poll');
    checkTimeout('timeoutMs', timeoutMs);
    try {
      return descriptor.wait(this.#access === 'write' ? 'writable' : 'readable', timeoutMs);
    } catch (failure) {
      throw this.#explain(failure);
    }
  }

  attributes(): QueueAttributes {
    const descriptor = this.#open('mq_getattr');
    try {
      return descriptor.attributes();
    } catch (failure) {
      throw this.#explain(failure);
    }
  }

  get owner(): number {
    return this.#open('fstat').status().uid;
  }

  get mode(): number {
    return this.#open('fstat').status().mode;
  }

  get stale(): boolean {
    return this.#open('fstat').status().nlink === 0;
  }

  setMode(mode: number): void {
    const descriptor = this.#open('fchmod');
    checkInteger('mode', mode, 0, 0o777);
    try {
      descriptor.setMode(mode);
    } catch (failure) {
      throw this.#explain(failure);
    }
  }

  lock(kind: LockKind): LockState {
    const descriptor = this.#open('flock');
    if (kind !== 'exclusive' && kind !== 'shared') {
      throw mismatch('kind', "'exclusive' or 'shared'", kind);
    }
    return descriptor.lock(kind);
  }

  get lockHolders(): readonly number[] {
    return lockHolders(this.#open('fstat').status().inode);
  }

  get mark(): number | undefined {
    return this.#open('fcntl').mark();
  }

  setMark(mark: number | undefined): MarkState {
    const descriptor = this.#open('fcntl');
    if (mark !== undefined) checkInteger('mark', mark, 1, MAX_MARK);
    try {
      return descriptor.setMark(mark);
    } catch (failure) {
      throw this.#explain(failure);
    }
  }

  close(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    try {
      descriptor?.close();
    } catch (failure) {
      throw this.#explain(failure);
    }
  }

  #open(syscall: string): QueueDescriptor {
    if (this.#descriptor !== undefined) return this.#descriptor;
    throw new QueueError({
      code: 'EBADF',
      syscall,
      queue: this.name,
      reason: 'this handle was closed: open the queue anew',
    });
  }

  #explain(failure: unknown, buffer?: Uint8Array): unknown {
    if (!(failure instanceof SyscallFailure)) return failure;
    return useFailure(failure, {
      queue: this.name,
      access: this.#access,
      bufferBytes: buffer?.length ?? 0,
      messageBytes: () => this.attributes().messageBytes,
    });
  }
}
