import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';

// Evaluated in Node.js's own realm, as `weak.ts` is: a hook is there for as long as the process, and would hold a test file's realm.

/** How long the code of one call has held the event loop so far. */
export interface Hold {
  ms: number;
  /** Whether the call is over. */
  hasEnded: boolean;
  /** The call in whose code it began: what it holds, that one holds, too. */
  outer: Hold | undefined;
}

const now = performance.now.bind(performance);
/** The id of a frame that no callback of Node.js has begun. */
const CALL = -1;
/** Callbacks within callbacks. Node.js tells of the end of each, so that there are more of them only if it once hasn't. */
const MAX_FRAMES = 1_000;

let storage: AsyncLocalStorage<Hold> | undefined;
/** The callbacks and calls that are on the stack, the innermost last, and whose code they are. */
let ids: number[] = [];
let holds: (Hold | undefined)[] = [];
/** When the code of the innermost began, or went on. */
let since = 0;

/** Begins to measure a call. From the first time on, Node.js tells of each callback and each continuation of a promise. */
export function newHold(): Hold {
  storage ??= start();
  return { ms: 0, hasEnded: false, outer: alive(storage.getStore()) };
}

/** Calls `work`, and counts what it does now, and in callbacks and continuations later. */
export function within<T>(hold: Hold, work: () => T): T {
  const depth = ids.length;
  enter(CALL, hold);
  try {
    return storage!.run(hold, work);
  } finally {
    leaveTo(depth);
  }
}

/** The call is over: what its code does from now on isn't counted any more. */
export function endHold(hold: Hold): number {
  charge(holds.at(-1));
  hold.hasEnded = true;
  return hold.ms;
}

function start(): AsyncLocalStorage<Hold> {
  const made = new AsyncLocalStorage<Hold>();
  createHook({
    before(id) {
      const hold = alive(made.getStore());
      // Most callbacks of a process belong to no call that is measured, and aren't noted.
      if (hold !== undefined || ids.length > 0) enter(id, hold ?? holds.at(-1));
    },
    after(id) {
      const depth = ids.lastIndexOf(id);
      if (depth !== -1) leaveTo(depth);
    },
  }).enable();
  return made;
}

function enter(id: number, hold: Hold | undefined): void {
  if (ids.length >= MAX_FRAMES) {
    ids = [];
    holds = [];
  }
  switchTo(hold);
  ids.push(id);
  holds.push(hold);
}

function leaveTo(depth: number): void {
  if (depth >= ids.length) return;
  switchTo(holds[depth - 1]);
  ids.length = holds.length = depth;
}

/** Reads the clock only where something is measured. */
function switchTo(hold: Hold | undefined): void {
  const current = holds.at(-1);
  if (current === hold) return;
  if (current === undefined) since = now();
  else charge(current);
}

function charge(current: Hold | undefined): void {
  if (current === undefined) return;
  const time = now();
  const ms = time - since;
  since = time;
  for (let hold = alive(current); hold !== undefined; hold = hold.outer) {
    hold.ms += ms;
    hold.outer = alive(hold.outer);
  }
}

/** The call itself or, where it is over, the innermost one around it that isn't. */
function alive(hold: Hold | undefined): Hold | undefined {
  let found = hold;
  while (found?.hasEnded === true) found = found.outer;
  return found;
}
