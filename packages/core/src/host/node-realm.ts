import { EventEmitter } from 'node:events';
import * as heldLoopHere from './held-loop.js';
import * as weakHere from './weak.js';

/**
 * Whether this file was evaluated in another realm than Node.js itself. Test runners do so with each test file and the modules
 * that it requires.
 */
export const isElsewhere: boolean = Object.getPrototypeOf(EventEmitter) !== Function.prototype;

/**
 * Requires a module in Node.js's own realm, so that it is evaluated once per process. A test runner would evaluate it for each
 * test file. Jest also fails the whole run if a test file that has ended requires a module.
 *
 * @param id - the name of an installed package.
 * @param here - Requires the module as usual. Called if this file is in Node.js's own realm.
 */
export function requireOnce<T>(id: string, here: () => T): T {
  return isElsewhere ? (createRequire(__filename)(id) as T) : here();
}

function ofNodeRealm<T>(id: string, here: T): T {
  try {
    return requireOnce(id, () => here);
  } catch {
    return here; // the code is bundled, so the file doesn't exist
  }
}

/** Node.js's own `createRequire`. Jest replaces it in its `Module`, which it derives from that of Node.js. */
function createRequire(file: string): NodeJS.Require {
  const nodeModule = process.getBuiltinModule('node:module'); // loaded here, because only this function needs it
  const parent = Object.getPrototypeOf(nodeModule.Module) as Partial<
    Pick<typeof nodeModule, 'createRequire'>
  >;
  return (parent.createRequire ?? nodeModule.createRequire)(file);
}

// A function of a test file's realm keeps all of that realm alive, so timers and sockets get functions of Node.js's own realm.
const weak: typeof weakHere = ofNodeRealm('./weak.js', weakHere);
export const makeOutside: typeof weak.makeOutside = weak.makeOutside;
export const weakly: typeof weak.weakly = weak.weakly;
export const closeSocket: typeof weak.closeSocket = weak.closeSocket;
export const closeWhenGone: typeof weak.closeWhenGone = weak.closeWhenGone;
export const noteClosed: typeof weak.noteClosed = weak.noteClosed;
export const disconnect: typeof weak.disconnect = weak.disconnect;
export const disable: typeof weak.disable = weak.disable;

// A hook of Node.js needs that, too, because it is never removed.
const heldLoop: typeof heldLoopHere = ofNodeRealm('./held-loop.js', heldLoopHere);
/** How long the code of one call has held the event loop so far, in ms. */
export type Hold = heldLoopHere.Hold;
/** Begins to measure a call. The first call installs a hook that sees each callback and each continuation of a promise. */
export const newHold: typeof heldLoop.newHold = heldLoop.newHold;
/** Calls a function, and charges its time to a call. This includes the callbacks and continuations that the function causes. */
export const within: typeof heldLoop.within = heldLoop.within;
/** Ends the measurement of a call, and returns how long its code has held the event loop, in ms. */
export const endHold: typeof heldLoop.endHold = heldLoop.endHold;
