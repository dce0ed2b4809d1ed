import { mismatch } from './check-arguments.js';
import { QueueError } from './queue-error.js';

/** `NAME_MAX`, counted without the leading slash. */
const MAX_NAME_BYTES = 255;

/** The reason why a name can't be that of a queue. */
export interface QueueNameProblem {
  /** The system's name of the error. */
  readonly code: 'EINVAL' | 'ENAMETOOLONG';
  /** The broken rule, in words. */
  readonly reason: string;
}

/**
 * Looks whether a name can be that of a queue, by the rules of mq_overview(7).
 *
 * @returns Undefined for a name that can be one.
 * @example
 * ```ts
 * import { queueNameProblem } from '@afstatsd/mqueue';
 *
 * console.log(queueNameProblem('/metrics')); // undefined
 * console.log(queueNameProblem('metrics')?.reason); // a queue's name starts with a slash, as in '/metrics'
 * ```
 */
export function queueNameProblem(name: string): QueueNameProblem | undefined {
  const wrong = (reason: string): QueueNameProblem => ({ code: 'EINVAL', reason });
  if (!name.startsWith('/')) return wrong("a queue's name starts with a slash, as in '/metrics'");
  if (name === '/') return wrong("a queue's name needs a character after the slash");
  if (name.includes('/', 1)) return wrong("a queue's name has no slash but the first");
  if (name === '/.' || name === '/..') return wrong('this name belongs to a directory');
  if (name.includes('\0')) return wrong("a queue's name has no NUL character");
  const bytes = Buffer.byteLength(name) - 1;
  if (bytes <= MAX_NAME_BYTES) return undefined;
  const reason = `the name has ${bytes} bytes after the slash; use ${MAX_NAME_BYTES} at most`;
  return { code: 'ENAMETOOLONG', reason };
}

/**
 * Throws for a name that can't be that of a queue. The system's own errors mislead: `EACCES` for a second slash, `ENOENT`
 * for a lone one.
 */
export function checkQueueName(name: string, syscall: string): void {
  if (typeof name !== 'string') throw mismatch('name', 'a string', name);
  const problem = queueNameProblem(name);
  if (problem !== undefined) throw new QueueError({ ...problem, syscall, queue: JSON.stringify(name) });
}
