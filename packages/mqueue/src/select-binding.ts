import type { Binding, BindingName } from './binding.js';
import { loadAdvice } from './load-advice.js';
import { loadKoffiBinding } from './koffi-binding.js';
import { loadPosixMqBinding } from './posix-mq-binding.js';
import { QueueError } from './queue-error.js';

/** In order of preference. */
const loaders: Readonly<Record<BindingName, () => Binding>> = {
  koffi: loadKoffiBinding,
  'posix-mq': loadPosixMqBinding,
};
const variable = 'AFSTATSD_MQ_BINDING';
/** The result of loading, kept because a second try may fail for another reason, which says less. */
const tried = new Map<BindingName, { readonly binding: Binding } | { readonly error: unknown }>();

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
  const errors: [BindingName, unknown][] = [];
  const candidates = candidateNames(syscall, queue);
  for (const name of candidates) {
    try {
      return load(name);
    } catch (error) {
      failures.push(`${name}: ${reasonOf(error)}`);
      errors.push([name, error]);
    }
  }
  throw new QueueError({
    code: 'ENOTSUP',
    syscall,
    queue,
    reason: `no binding to the system's message queues could be loaded (${failures.join('; ')}): ${loadAdvice(errors)}`,
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
  let outcome = tried.get(name);
  if (outcome === undefined) {
    outcome = attempt(loaders[name]);
    tried.set(name, outcome);
  }
  if ('error' in outcome) throw outcome.error;
  return outcome.binding;
}

function attempt(loader: () => Binding): { readonly binding: Binding } | { readonly error: unknown } {
  try {
    return { binding: loader() };
  } catch (error) {
    return { error };
  }
}

/** On one line, without the list of requiring modules that Node appends. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\nRequire stack:[^]*/, '').replaceAll('\n', ' ');
}
