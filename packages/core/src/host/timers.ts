import timers from 'node:timers';

/** The longest delay that a timer of Node.js takes, in ms. */
export const MAX_DELAY_MS = 2_147_483_647;

// Fake-timer libraries replace the globals and the properties of this module, and jsdom's globals return numbers. So the
// functions are taken once, from the module.

export const setTimeout: typeof timers.setTimeout = timers.setTimeout;
export const clearTimeout: typeof timers.clearTimeout = timers.clearTimeout;
export const setImmediate: typeof timers.setImmediate = timers.setImmediate;
export const clearImmediate: typeof timers.clearImmediate = timers.clearImmediate;
export const queueMicrotask: typeof globalThis.queueMicrotask = globalThis.queueMicrotask;
