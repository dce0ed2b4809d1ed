import { mismatch } from './check-arguments.js';
import { QueueError } from './queue-error.js';

/** `NAME_MAX`, counted without the leading slash. */
const maxNameBytes = 255;

/**
 * The rules of mq_overview(7). Checked here, since the system answers a wrong name with errors that
 * mislead: `EACCES` for a second slash, `ENOENT` for a lone one.
 */
export function checkQueueName(name: string, syscall: string): void {
  if (typeof name !== 'string') throw mismatch('name', 'a string', name);
  const fail = (code: string, reason: string): never => {
    throw new QueueError({ code, syscall, queue: JSON.stringify(name), reason });
  };
  if (!name.startsWith('/')) fail('EINVAL', "a queue's name starts with a slash, as in '/metrics'");
  if (name === '/') fail('EINVAL', "a queue's name needs a character after the slash");
  if (name.includes('/', 1)) fail('EINVAL', "a queue's name has no slash but the first");
  if (name === '/.' || name === '/..') fail('EINVAL', 'this name belongs to a directory');
  if (name.includes('\0')) fail('EINVAL', "a queue's name has no NUL character");
  const bytes = Buffer.byteLength(name) - 1;
  if (bytes > maxNameBytes) {
    fail('ENAMETOOLONG', `the name has ${bytes} bytes after the slash; use ${maxNameBytes} at most`);
  }
}
