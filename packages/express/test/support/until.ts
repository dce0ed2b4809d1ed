import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition; rejects when it isn't met in time. */
export async function until(met: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!met()) {
    if (performance.now() > deadline) throw new Error(`never: ${what}`);
    await sleep(1);
  }
}
