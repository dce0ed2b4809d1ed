import { EventEmitter } from 'node:events';
import nodeModule from 'node:module';
import { closeWhenGone, noteClosed } from './left-behind.js';

/**
 * Whether this file was evaluated in another realm than Node.js itself. Test runners do so with each test file and with all
 * modules that it requires.
 */
export const isElsewhere: boolean = Object.getPrototypeOf(EventEmitter) !== Function.prototype;

/**
 * Requires a module in Node.js's own realm. There it is evaluated once a process, while a test runner evaluates it for each
 * test file: koffi changes its native part each time, so it keeps each of these files in memory. After the end of a file, Jest
 * fails the whole run if it requires anything.
 *
 * @param id - of an installed package.
 * @param here - Requires it as usual, where this file is in that realm itself.
 */
export function requireOnce<T>(id: string, here: () => T): T {
  return isElsewhere ? (createRequire(__filename)(id) as T) : here();
}

/** Jest derives its `Module`, whose `createRequire` is its own, from that of Node.js. */
function createRequire(file: string): NodeJS.Require {
  const parent = Object.getPrototypeOf(nodeModule.Module) as Partial<
    Pick<typeof nodeModule, 'createRequire'>
  >;
  return (parent.createRequire ?? nodeModule.createRequire)(file);
}

interface LeftBehind {
  readonly closeWhenGone: typeof closeWhenGone;
  readonly noteClosed: typeof noteClosed;
}

/** Made in Node.js's own realm, because a function of a test file's realm would keep all of that realm in memory. */
export const leftBehind: LeftBehind = leftBehindOfNodeRealm();

function leftBehindOfNodeRealm(): LeftBehind {
  const here = { closeWhenGone, noteClosed };
  try {
    return requireOnce('./left-behind.js', () => here);
  } catch {
    return here; // bundled, and so without the file
  }
}
