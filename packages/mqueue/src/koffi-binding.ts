import { constants as files } from 'node:fs';
import { constants } from 'node:os';
import type {
  Binding,
  LockKind,
  LockState,
  MarkState,
  OpenRequest,
  QueueAttributes,
  QueueDescriptor,
  QueueStatus,
  ReceivedMessage,
} from './binding.js';
import { descriptorStatus } from './descriptor-status.js';
import { isElsewhere, leftBehind } from './node-realm.js';
import { failure, loadLibc, type Libc, type MqAttr } from './libc.js';
import { pollDescriptor } from './poll-descriptor.js';
import { QueueMark } from './queue-mark.js';

const { O_CREAT, O_EXCL } = files;
const { EAGAIN, EINTR } = constants.errno;
/** Operations of flock(2). */
const LOCK = { shared: 1, exclusive: 2 } as const;
const LOCK_NB = 4;

/** libc's calls through koffi, which comes built for each platform. */
export function loadKoffiBinding(): Binding {
  const libc = loadLibc();
  return {
    name: 'koffi',
    maxPriority: 32_767,
    open: (request) => new KoffiDescriptor(libc, open(libc, request)),
    unlink(name) {
      if (libc.unlink(name) < 0) throw failure(libc, 'mq_unlink');
    },
  };
}

function open(libc: Libc, { name, flags, create }: OpenRequest): number {
  const fd =
    create === undefined
      ? libc.open(name, flags)
      : libc.create(name, flags | O_CREAT | O_EXCL, create.mode, {
          mq_flags: 0,
          mq_maxmsg: create.depth,
          mq_msgsize: create.messageBytes,
          mq_curmsgs: 0,
        });
  if (fd < 0) throw failure(libc, 'mq_open');
  return fd;
}

class KoffiDescriptor implements QueueDescriptor {
  readonly #fd: number;
  readonly #libc: Libc;
  readonly #mark: QueueMark;
  readonly #priority = new Uint32Array(1);

  constructor(libc: Libc, fd: number) {
    this.#libc = libc;
    this.#fd = fd;
    this.#mark = new QueueMark(libc, fd);
    // Elsewhere a queue stays open, with its locks, until it is closed or the process ends.
    if (isElsewhere) leftBehind.closeWhenGone(this, libc.close, fd);
  }

  send(message: Uint8Array, priority: number): boolean {
    while (this.#libc.send(this.#fd, message, message.length, priority) < 0) {
      if (this.#wouldBlock('mq_send')) return false;
    }
    return true;
  }

  receive(into: Uint8Array): ReceivedMessage | undefined {
    for (;;) {
      const bytes = this.#libc.receive(this.#fd, into, into.length, this.#priority);
      if (bytes >= 0) return { bytes, priority: this.#priority[0] as number };
      if (this.#wouldBlock('mq_receive')) return undefined;
    }
  }

  /** True for a full or empty queue, false for a call that a signal interrupted; throws the rest. */
  #wouldBlock(syscall: string): boolean {
    const errno = this.#libc.errno();
    if (errno === EAGAIN) return true;
    if (errno === EINTR) return false;
    throw failure(this.#libc, syscall);
  }

  wait(until: 'readable' | 'writable', timeoutMs: number): boolean {
    return pollDescriptor(this.#libc, this.#fd, until, timeoutMs);
  }

  attributes(): QueueAttributes {
    const attr = {} as MqAttr;
    if (this.#libc.getattr(this.#fd, attr) < 0) throw failure(this.#libc, 'mq_getattr');
    return { depth: attr.mq_maxmsg, messageBytes: attr.mq_msgsize, messages: attr.mq_curmsgs };
  }

  status(): QueueStatus {
    return descriptorStatus(this.#libc, this.#fd);
  }

  setMode(mode: number): void {
    if (this.#libc.fchmod(this.#fd, mode) < 0) throw failure(this.#libc, 'fchmod');
  }

  lock(kind: LockKind): LockState {
    while (this.#libc.flock(this.#fd, LOCK[kind] | LOCK_NB) < 0) {
      const errno = this.#libc.errno();
      if (errno === EINTR) continue;
      return errno === EAGAIN ? 'held' : 'unsupported';
    }
    return 'locked';
  }

  mark(): number | undefined {
    return this.#mark.look();
  }

  setMark(mark: number | undefined): MarkState {
    return this.#mark.set(mark);
  }

  close(): void {
    leftBehind.noteClosed(this);
    if (this.#libc.close(this.#fd) < 0) throw failure(this.#libc, 'mq_close');
  }
}
