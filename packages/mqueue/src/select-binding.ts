import type { Binding, BindingName } from './binding.js';
import { loadKoffiBinding } from './koffi-binding.js';
import { loadPosixMqBinding } from './posix-mq-binding.js';
import { QueueError } from './queue-error.js';

/** In order of preference. */
const loaders: Readonly<Record<BindingName, () => Binding>> = {
  koffi: loadKoffiBinding,
  'posix-mq': loadPosixMqBinding,
};
const advice: Readonly<Record<BindingName, string>> = {
  koffi: 'install koffi, with the optional package that npm adds for this platform',
  'posix-mq': 'install posix-mq with a C++ compiler and python, for use outside worker threads',
};
const variable = 'AFSTATSD_MQ_BINDING';
const loaded = new Map<BindingName, Binding>();

/**
 * The binding that the environment variable asks for, or else the first that can be loaded. Nothing
 * native is loaded before the first call.
 */
export function selectBinding(syscall: string, queue: string): Binding {
  if (process.platform !== 'linux') {
    const reason = `POSIX message queues are supported on Linux, and this is ${process.platform}`;
    throw new QueueError({ code: 'ENOTSUP', syscall, queue, reason });
  }
  const failures: string[] = [];
  const candidates = candidateNames(syscall, queue);
  for (const name of candidates) {
    try {
      return load(name);
    } catch (error) {
      failures.push(`${name}: ${reasonOf(error)}`);
    }
  }
  throw new QueueError({
    code: 'ENOTSUP',
    syscall,
    queue,
    reason:
      `no binding to the system's message queues could be loaded (${failures.join('; ')}): ` +
      candidates.map((name) => advice[name]).join(', or '),
  });
}

function candidateNames(syscall: string, queue: string): BindingName[] {
  const names = Object.keys(loaders) as BindingName[];
  const wanted = process.env[variable];
  if (wanted === undefined || wanted === '') return names;
  const chosen = names.filter((name) => name === wanted);
  if (chosen.length > 0) return chosen;
  const reason = `the environment's ${variable} must be ${names.join(' or ')}, or unset; it is '${wanted}'`;
  throw new QueueError({ code: 'EINVAL', syscall, queue, reason });
}

function load(name: BindingName): Binding {
  const binding = loaded.get(name) ?? loaders[name]();
  loaded.set(name, binding);
  return binding;
}

/** On one line, without the list of requiring modules that Node appends. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\nRequire stack:[^]*/, '').replaceAll('\n', ' ');
}
