// A watcher loads a program again after a change: what was recorded before arrives, the watcher lives on, and it still ends by SIGTERM.
import { appendFileSync, copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { usePrograms, useQueues, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { commandOf, needFromNpm } from '../faults/from-npm.mjs';
import { BUN, DENO } from './runtimes.mjs';

const PROGRAMS = join(import.meta.dirname, 'programs');

/** How long a change is given to be noticed, in ms. */
const CHANGE_MS = 2_000;

/** The flags go before the program. */
const WATCHERS = [
  { runtime: process.version, flag: '--watch', dies: 0 },
  { runtime: BUN, flag: '--watch' },
  { runtime: BUN, flag: '--hot', keepsProgram: true },
  { runtime: DENO, flag: '--watch' },
];

for (const { runtime, flag, keepsProgram = false, dies = 'SIGTERM' } of WATCHERS) {
  describe(`runtimes: ${runtime} ${flag}`, () => {
    needFromNpm(runtime, () => commandOf(runtime));
    const programs = usePrograms();
    const queues = useQueues();

    it('delivers at each reload, goes on watching, and ends by SIGTERM', async () => {
      const queue = queues.make();
      // Beside the packages, so that they are found.
      const folder = join(import.meta.dirname, `.tmp-watched-${process.pid}`);
      mkdirSync(folder, { recursive: true });
      try {
        const file = join(folder, 'watched.cjs');
        copyFileSync(join(PROGRAMS, 'watched.cjs'), file);
        const [command, ...args] = await commandOf(runtime);
        const watcher = programs.run(command, [...args, flag, file], {
          env: { AFSTATSD_URL: queue.url },
          longestMs: 60_000,
        });
        const loads = () => watcher.stdout.split('loaded\n').length - 1;
        let arrived = 0;
        const read = () => {
          for (const { text } of queue.readAll()) arrived += Number(/^loads:(\d+)\|c/.exec(text)?.[1] ?? 0);
          return arrived;
        };
        await watcher.printed('loaded\n');
        for (const before of [1, 2]) {
          let changed = -Infinity;
          await until('it loads the program again', () => {
            // A watcher may miss a change right after a load.
            if (performance.now() - changed > CHANGE_MS) {
              appendFileSync(file, `// after load ${before}\n`);
              changed = performance.now();
            }
            return loads() > before;
          });
          if (!keepsProgram) await until('the loads before have arrived', () => read() >= before);
        }
        expect(watcher.isRunning).to.equal(true);
        expect(await watcher.kill('SIGTERM')).to.equal(dies);
        await until('the last one has arrived', () => read() >= loads());
        expect(arrived).to.equal(loads());
        expect(watcher.stderr).not.to.include('afstatsd:');
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });
}
