import { setTimeout as delay } from 'node:timers/promises';

/** How often a condition is looked at. */
const LOOK_MS = 2;
/** Assertions are tried less often as time goes by, since most of them ask a server. */
const LONGEST_LOOK_MS = 20;
/** Longer than anything that tests wait for takes on a busy machine. Mocha's own limit, in .mocharc.cjs, is longer still. */
const TIMEOUT_MS = 60_000;

/**
 * Waits for a condition. A condition that throws ends the wait.
 *
 * @param what - what is waited for, for the error: "the queue is empty".
 * @param condition - is looked at every few ms.
 * @param timeoutMs - in ms; a minute by default.
 * @throws Error when the time is over.
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number = TIMEOUT_MS,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const began = performance.now();
    if (await condition()) return;
    const now = performance.now();
    if (now > end) throw new Error(`waited ${timeoutMs} ms in vain until ${what}`);
    // As long as the look took at least: what is waited for needs the processor, too.
    await delay(Math.max(LOOK_MS, now - began));
  }
}

/**
 * Waits until assertions pass: for those whose own message says best what is missing.
 *
 * @param assertions - are tried again and again.
 * @param timeoutMs - in ms; a minute by default.
 * @returns what they return.
 * @throws what they threw last, when the time is over.
 */
export async function eventually<T>(
  assertions: () => T | Promise<T>,
  timeoutMs: number = TIMEOUT_MS,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (let look = LOOK_MS; ; look = Math.min(2 * look, LONGEST_LOOK_MS)) {
    try {
      return await assertions();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await delay(look);
  }
}
