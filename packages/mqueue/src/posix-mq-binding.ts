import { constants } from 'node:fs';
import { REPLACED, SyscallFailure, type Binding } from './binding.js';
import { PosixMqDescriptor } from './posix-mq-descriptor.js';
import { requireOnce } from './node-realm.js';
import { attempt, closePosixMq, openPosixMq, type PosixMq, type PosixMqClass } from './posix-mq.js';

/** The add-on posix-mq, which is compiled when it is installed. */
export function loadPosixMqBinding(): Binding {
  const addon = requireOnce('posix-mq', requireAddon);
  if (typeof addon !== 'function') throw new Error(REPLACED);
  return {
    name: 'posix-mq',
    maxPriority: 31,
    open: (request) => new PosixMqDescriptor(addon, request),
    unlink: (name) => unlink(addon, name),
  };
}

/** In a `try`, so that a bundler lets it be missing, as an optional peer may be. */
function requireAddon(): PosixMqClass {
  try {
    return require('posix-mq') as PosixMqClass;
  } catch (error) {
    throw new Error((error as Error).message, { cause: error });
  }
}

/** posix-mq unlinks only what it has open, so one of the two rights is needed to open the queue. */
function unlink(addon: PosixMqClass, name: string): void {
  const mq = openWithEitherRight(addon, name);
  try {
    attempt('mq_unlink', () => mq.unlink());
  } finally {
    closePosixMq(mq);
  }
}

function openWithEitherRight(addon: PosixMqClass, name: string): PosixMq {
  const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;
  try {
    return openPosixMq(addon, { name, flags: O_RDONLY | O_NONBLOCK }, 'mq_unlink');
  } catch (error) {
    if (!(error instanceof SyscallFailure && error.code === 'EACCES')) throw error;
    return openPosixMq(addon, { name, flags: O_WRONLY | O_NONBLOCK }, 'mq_unlink');
  }
}
