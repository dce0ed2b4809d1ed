// One case of bench/blocking.mjs in a process: prints µs of CPU a call, or `none` where it can't be measured.
import { performance } from 'node:perf_hooks';
import { StatsdClient } from '@afstatsd/core';

const ROUNDS = 8;
/** As many calls as take this long, in ms. */
const ROUND_MS = 100;

const statsd = new StatsdClient({ transport: 'null:' });

async function leaf() {
  await Promise.resolve();
}

/** Seven awaits with that of its caller. */
async function call() {
  for (let i = 0; i < 3; i++) await leaf();
}

async function prepared(id) {
  switch (id) {
    case 'bare':
      return call;
    case 'timed':
      return statsd.time('call', call);
    case 'blocking':
      return statsd.time('call', call, { blocking: true });
    case 'elsewhere':
      await statsd.time('other', async () => {}, { blocking: true })();
      return call;
    case 'utilization': {
      const timed = statsd.time('call', call);
      return async () => {
        const before = performance.eventLoopUtilization();
        await timed();
        statsd.timing('call.busy', performance.eventLoopUtilization(before).active);
      };
    }
    case 'blockedAt':
      try {
        const { default: blockedAt } = await import('blocked-at');
        blockedAt(() => {}, { threshold: 1e9 });
        return call;
      } catch {
        return undefined;
      }
    default:
      throw new Error(`there is no case ${id}`);
  }
}

const run = await prepared(process.argv[2]);
if (run === undefined) {
  console.log('none');
} else {
  let quickest = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const end = performance.now() + ROUND_MS;
    const begin = process.cpuUsage();
    let calls = 0;
    for (; performance.now() < end; calls += 10) for (let i = 0; i < 10; i++) await run();
    const { user, system } = process.cpuUsage(begin);
    quickest = Math.min(quickest, (user + system) / calls);
  }
  console.log(quickest);
}
