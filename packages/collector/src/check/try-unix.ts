import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { SocketFile } from '../input/socket-file.js';
import type { Attempt } from './attempt.js';

/** Checks whether a UNIX socket can be made. The socket isn't made, because clients would find it. */
export function tryUnix(file: string): Attempt {
  const part = `UNIX socket ${file}`;
  try {
    if (new SocketFile({ path: file, mode: 0 }).isRead())
      return { part, result: 'in use', detail: 'a program that runs reads it' };
    accessSync(path.dirname(file), constants.W_OK);
    return { part, result: 'ok', detail: 'can be made' };
  } catch (error) {
    return { part, result: 'failed', detail: (error as Error).message };
  }
}
