import { accessSync, constants, lstatSync } from 'node:fs';
import path from 'node:path';
import type { Attempt } from './attempt.js';

/** Looks whether a UNIX socket can be made at a path. A socket that is there already may be read by a collector that runs. */
export function trySocketFile(file: string): Attempt {
  const part = `UNIX ${file}`;
  try {
    const status = lstatSync(file, { throwIfNoEntry: false });
    if (status !== undefined && !status.isSocket())
      return { part, result: 'failed', detail: 'there is a file that is no socket' };
    accessSync(path.dirname(file), constants.W_OK | constants.X_OK);
    return {
      part,
      result: 'ok',
      ...(status !== undefined && { detail: 'there is a socket; it is taken away if nobody reads it' }),
    };
  } catch (error) {
    return { part, result: 'failed', detail: (error as Error).message };
  }
}
