import { readFileSync } from 'node:fs';
import { RUNTIME, denoGrants } from '../host/runtime.js';

/**
 * How long a watcher takes at most to end a program after it has called the listeners of a signal, in ms. Deno gives the program
 * 500 ms, and Bun 0 ms.
 */
export const WATCHER_MS = 1_000;

const COMMAND_LINE = '/proc/self/cmdline';

/**
 * Whether the program may run inside a watcher: `bun --watch` or `deno run --watch`. Before such a watcher loads a program
 * again, it calls the listeners of SIGTERM itself, in its own process. No listener can tell that from a signal of the system.
 */
export function mayBeWatched(): boolean {
  switch (RUNTIME) {
    case 'bun':
      return process.execArgv.includes('--watch');
    case 'deno':
      return denoMayWatch();
    case 'node':
      return false; // its watcher runs the program in a process of its own
  }
}

/** Looks for `--watch` on Deno's command line. True if it may not be read, because this must not ask the user. */
function denoMayWatch(): boolean {
  try {
    if (!denoGrants({ name: 'read', path: COMMAND_LINE })) return true;
    // The flags of Deno come before the program.
    return readFileSync(COMMAND_LINE, 'latin1')
      .split('\0')
      .some((argument) => argument.startsWith('--watch'));
  } catch {
    return true;
  }
}
