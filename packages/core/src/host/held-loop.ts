import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';

// Evaluated in Node.js's own realm, as `weak.ts` is. A hook lives as long as the process, so it would keep a test file's realm
// alive.

/** How long the code of one call has held the event loop so far. */
export interface Hold {
  ms: number;
  /** Whether the call is over. */
  hasEnded: boolean;
  /** The call whose code began this one. Time of this call counts for both. */
  outer: Hold | undefined;
}

const now = performance.now.bind(performance);
/** Stands for the async id in a frame that `within` began, because such a frame isn't a callback of Node.js. */
const CALL = -1;
/** The maximum depth of the stack. Node.js reports the end of each callback, so it is exceeded only if an end was missed. */
const MAX_FRAMES = 1_000;

let storage: AsyncLocalStorage<Hold> | undefined;
/** The frames on the stack, the innermost last. `ids` has their async ids, and `holds` the calls that they belong to. */
let ids: number[] = [];
let holds: (Hold | undefined)[] = [];
/** The time up to which the innermost call was charged, in ms of `performance.now()`. */
let since = 0;

/** Begins to measure a call. The first call installs a hook that sees each callback and each continuation of a promise. */
export function newHold(): Hold {
  storage ??= start();
  return { ms: 0, hasEnded: false, outer: alive(storage.getStore()) };
}

/** Calls `work`, and charges its time to `hold`. This includes the callbacks and continuations that `work` causes. */
export function within<T>(hold: Hold, work: () => T): T {
  const depth = ids.length;
  enter(CALL, hold);
  try {
    return storage!.run(hold, work);
  } finally {
    leaveTo(depth);
  }
}

/** Ends a call, and returns how long it held the event loop, in ms. Later work of its code isn't charged to it. */
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

/** The call itself, or the innermost outer call that isn't over. */
function alive(hold: Hold | undefined): Hold | undefined {
  let found = hold;
  while (found?.hasEnded === true) found = found.outer;
  return found;
}
