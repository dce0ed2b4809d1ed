import { statSync } from 'node:fs';
import type { SyscallFailure } from './binding.js';
import { kernelLimit, pathOfLimit, processLimit, type KernelLimit } from './kernel-limits.js';
import type { CreateAttributes, ResolvedOptions } from './open-options.js';
import { QueueError } from './queue-error.js';

/** Explains why a queue could not be opened, made or unlinked, with the limits that are in force. */
export function openFailure(
  failure: SyscallFailure,
  queue: string,
  options: Partial<ResolvedOptions> = {},
): QueueError {
  const { code, syscall } = failure;
  return new QueueError({ code, syscall, queue, reason: reasonOf(failure, queue, options) });
}

function reasonOf(
  { code, syscall }: SyscallFailure,
  queue: string,
  { access, create }: Partial<ResolvedOptions>,
): string {
  const unlinking = syscall === 'mq_unlink';
  if (syscall === 'fchmod') {
    return 'the queue was made, but its mode could not be set, so it was removed again: a sandbox may forbid it';
  }
  switch (code) {
    case 'ENOENT':
      return (
        'there is no queue of this name in this IPC namespace' +
        (unlinking ? '' : ': start the process that makes it, or pass options.create')
      );
    case 'EEXIST':
      return 'a queue of this name exists: leave out options.create.exclusive, or unlink it first';
    case 'EACCES':
    case 'EPERM':
      return refusal(queue, unlinking ? 'unlink this queue' : `open this queue for '${access}'`);
    case 'EINVAL':
      return create === undefined ? 'the system refuses this name' : attributesRefused(create);
    case 'EMFILE':
      return limitReached(create);
    case 'ENFILE':
      return 'the system has no descriptor left: raise /proc/sys/fs/file-max, or close files';
    case 'ENOSPC':
      return (
        `the IPC namespace has as many queues as ${quote('queues_max')} allows: ` +
        'unlink queues that nobody uses, or raise that limit'
      );
    case 'ENOMEM':
      return 'the system has no memory for the queue: ask for a smaller depth or messageBytes';
    case 'ENOSYS':
      return 'this kernel has no POSIX message queues (CONFIG_POSIX_MQUEUE), or a sandbox forbids them';
    default:
      return `the system gave no further reason: see ${syscall}(3)`;
  }
}

function quote(limit: KernelLimit): string {
  return `${pathOfLimit(limit)} (${kernelLimit(limit) ?? 'unreadable'})`;
}

function refusal(queue: string, wanted: string): string {
  const self = `uid ${process.geteuid?.()} may not ${wanted}`;
  const advice = 'run as its owner, or have the owner make it with another options.create.mode';
  try {
    const { uid, mode } = statSync(`/dev/mqueue${queue}`);
    return `${self}: it belongs to uid ${uid} with mode 0${(mode & 0o777).toString(8)}; ${advice}`;
  } catch {
    return `${self}: ${advice}`;
  }
}

function attributesRefused({ depth, messageBytes }: CreateAttributes): string {
  const tooLarge = (option: string, value: number, limit: KernelLimit): string | undefined =>
    value > (kernelLimit(limit) ?? Infinity)
      ? `options.create.${option} is ${value}, over ${quote(limit)}: ` +
        `ask for less, or have root raise it (sysctl fs.mqueue.${limit}=${value})`
      : undefined;
  return (
    tooLarge('depth', depth, 'msg_max') ??
    tooLarge('messageBytes', messageBytes, 'msgsize_max') ??
    `the system refuses a depth of ${depth} with messageBytes ${messageBytes}`
  );
}

/** `mq_open` says `EMFILE` for either of two limits. */
function limitReached(create: CreateAttributes | undefined): string {
  const descriptors = `descriptors (RLIMIT_NOFILE, ${processLimit('Max open files')})`;
  if (create === undefined) return `the process has no more ${descriptors}: close some, or raise the limit`;
  const bytes = create.depth * create.messageBytes;
  return (
    `either this user's queues take more bytes than RLIMIT_MSGQUEUE (${processLimit('Max msgqueue size')}) ` +
    `allows, of which this one needs over ${bytes}, or the process has no more ${descriptors}: ` +
    'ask for a smaller depth or messageBytes, unlink and close unused queues, or raise the limit (ulimit -q, -n)'
  );
}
