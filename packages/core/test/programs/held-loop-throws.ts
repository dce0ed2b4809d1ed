// Measures a call after callbacks that threw, in frames of Node.js's, and after the stack has overflowed within a call.
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { endHold, newHold, within } from '../../src/host/held-loop.js';

function hold(ms: number): number {
  const begin = performance.now();
  while (performance.now() < begin + ms);
  return performance.now() - begin;
}
function overflow(depth: number): number {
  return overflow(depth + 1) + 1;
}

async function main(): Promise<void> {
  const thrown: unknown[] = [];
  process.on('uncaughtException', (error) => void thrown.push(error));
  await within(newHold(), async () => {
    await sleep(1);
    for (let i = 0; i < 3; i++) {
      setTimeout(() => {
        process.nextTick(() => {
          throw new Error('in a tick');
        });
        throw new Error('in a timer');
      }, 1);
    }
    try {
      within(newHold(), () => overflow(0));
    } catch (error) {
      thrown.push(error);
    }
    while (thrown.length < 7) await sleep(1);
  });
  // What is measured now belongs to no call that has thrown.
  const begin = performance.now();
  const measured = newHold();
  const own = await within(measured, async () => {
    await sleep(1);
    return hold(10);
  });
  const all = performance.now() - begin;
  await sleep(1);
  process.stdout.write(JSON.stringify({ held: endHold(measured), own, all }));
}
void main();
