import { setTimeout as delay } from 'node:timers/promises';

/** Waits until the assertions pass, and returns what they do; in the end it throws what they threw last. */
export async function eventually<T>(assertions: () => T | Promise<T>, timeout = 30_000): Promise<T> {
  const end = Date.now() + timeout;
  for (;;) {
    try {
      return await assertions();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await delay(20);
  }
}
