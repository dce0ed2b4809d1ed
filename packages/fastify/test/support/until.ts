import { setTimeout as delay } from 'node:timers/promises';

/** Waits for a condition, looking every few ms; the error says what was waited for. */
export async function until(what: string, condition: () => boolean, timeout = 10_000): Promise<void> {
  const end = Date.now() + timeout;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${timeout} ms in vain until ${what}`);
    await delay(2);
  }
}
