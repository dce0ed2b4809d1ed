// A watcher loads a program again after a change: what was recorded before arrives, the watcher lives on, and it still ends by SIGTERM.
import { appendFileSync, copyFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { useDirectories, usePrograms, useQueues, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { commandOf, installed, needFromNpm } from '../faults/from-npm.mjs';
import { BUN, DENO } from './runtimes.mjs';

const PROGRAMS = join(import.meta.dirname, 'programs');

/** How long a change is given to be noticed, in ms. */
const CHANGE_MS = 10_000;

/** Watchers of npm, by their package. */
const FROM_NPM = { nodemon: '3.1.14', tsx: '4.23.15' };
const BINS = { nodemon: 'bin/nodemon.js', tsx: 'dist/cli.mjs' };

const byFlag = (runtime, flag, rest = {}) => ({
  name: `${runtime} ${flag}`,
  need: () => commandOf(runtime),
  command: async (file) => [...(await commandOf(runtime)), flag, file],
  ...rest,
});
const fromNpm = (name, args, rest = {}) => ({
  name: `${name} ${FROM_NPM[name]}`,
  need: () => installed(name, FROM_NPM[name]),
  command: async (file) => [
    process.execPath,
    join(await installed(name, FROM_NPM[name]), BINS[name]),
    ...args(file),
  ],
  ...rest,
});

const WATCHERS = [
  byFlag(process.version, '--watch', { dies: 0 }),
  byFlag(BUN, '--watch'),
  byFlag(BUN, '--hot', { keepsProgram: true }),
  byFlag(DENO, '--watch'),
  fromNpm('nodemon', (file) => ['--signal', 'SIGTERM', '--watch', file, file], { dies: 143 }),
  fromNpm('tsx', (file) => ['watch', file], { dies: 0 }),
];

for (const { name, need, command: commandWith, keepsProgram = false, dies = 'SIGTERM' } of WATCHERS) {
  describe(`runtimes: ${name}`, () => {
    needFromNpm(name, need);
    const programs = usePrograms();
    const queues = useQueues();
    const directory = useDirectories();

    it('delivers at each reload, goes on watching, and ends by SIGTERM', async () => {
      const queue = queues.make();
      const folder = directory();
      symlinkSync(join(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'));
      const file = join(folder, 'reloaded.cjs');
      copyFileSync(join(PROGRAMS, 'reloaded.cjs'), file);
      const [command, ...args] = await commandWith(file);
      const watcher = programs.run(command, args, {
        env: { AFSTATSD_URL: queue.url },
        longestMs: 120_000,
        detached: true, // some run the program as a child, which must not outlive them
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
    });
  });
}
