import { EventEmitter } from 'node:events';
import * as heldLoopHere from './held-loop.js';
import * as weakHere from './weak.js';

/**
 * Whether this file was evaluated in another realm than Node.js itself, as test runners do with each test file and with all
 * that it requires.
 */
export const isElsewhere: boolean = Object.getPrototypeOf(EventEmitter) !== Function.prototype;

/**
 * Requires a module in Node.js's own realm, where it is evaluated once a process. A test runner evaluates it for each test
 * file, and lets a file that has ended require nothing any more: Jest fails the whole run then.
 *
 * @param id - of an installed package.
 * @param here - Requires it as usual, where this file is in that realm itself.
 */
export function requireOnce<T>(id: string, here: () => T): T {
  return isElsewhere ? (createRequire(__filename)(id) as T) : here();
}

function ofNodeRealm<T>(id: string, here: T): T {
  try {
    return requireOnce(id, () => here);
  } catch {
    return here; // bundled, and so without the file
  }
}

/** Jest derives its `Module`, whose `createRequire` is its own, from that of Node.js. */
function createRequire(file: string): NodeJS.Require {
  const nodeModule = process.getBuiltinModule('node:module'); // loaded here, because nobody else needs it
  const parent = Object.getPrototypeOf(nodeModule.Module) as Partial<
    Pick<typeof nodeModule, 'createRequire'>
  >;
  return (parent.createRequire ?? nodeModule.createRequire)(file);
}

// A function of a test file's realm holds all of that realm. So timers and sockets get functions of Node.js's own realm.
const weak: typeof weakHere = ofNodeRealm('./weak.js', weakHere);
export const makeOutside: typeof weak.makeOutside = weak.makeOutside;
export const weakly: typeof weak.weakly = weak.weakly;
export const closeSocket: typeof weak.closeSocket = weak.closeSocket;
export const closeWhenGone: typeof weak.closeWhenGone = weak.closeWhenGone;
export const noteClosed: typeof weak.noteClosed = weak.noteClosed;
export const disconnect: typeof weak.disconnect = weak.disconnect;
export const disable: typeof weak.disable = weak.disable;

// So does a hook of Node.js's, which nothing takes off.
const heldLoop: typeof heldLoopHere = ofNodeRealm('./held-loop.js', heldLoopHere);
/** How long the code of one call has held the event loop so far, in ms. */
export type Hold = heldLoopHere.Hold;
/** Begins to measure a call. From the first time on, Node.js tells of each callback and each continuation of a promise. */
export const newHold: typeof heldLoop.newHold = heldLoop.newHold;
/** Calls a function, and counts for a call whatever it does now, and in callbacks and continuations later. */
export const within: typeof heldLoop.within = heldLoop.within;
/** Ends the measurement of a call, and returns how long its code has held the event loop, in ms. */
export const endHold: typeof heldLoop.endHold = heldLoop.endHold;
