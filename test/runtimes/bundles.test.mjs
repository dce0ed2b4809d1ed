// Bundled programs: the table of bundlers in docs/runtimes.md. With koffi left out of the bundle, and installed beside it, all works.
// Where koffi can't be loaded, the program goes on, uses the fallback, and says why, and what to do.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LONG, useDirectories, usePrograms, useQueues, useReceivers, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { needFromNpm } from '../faults/from-npm.mjs';
import { APP_ROWS, examplesBeside } from './app-rows.mjs';
import { BUNDLERS, bundle, installed, titleOf } from './bundlers.mjs';
import { pageTable } from './page-table.mjs';

const ABSENT = 'the queue, with koffi absent';
const INSIDE = 'the queue, with koffi inside the bundle';
const rows = [...Object.keys(APP_ROWS), ABSENT, INSIDE];
const cell = pageTable('bundlers', Object.keys(BUNDLERS).map(titleOf), rows);

for (const name of LONG ? Object.keys(BUNDLERS) : ['esbuild, esm', 'webpack']) {
  describe(`runtimes: a bundle of ${name}`, () => {
    needFromNpm('the bundlers', installed);
    const tools = {
      programs: usePrograms(),
      queues: useQueues(),
      receivers: useReceivers(),
      directory: useDirectories(),
    };
    const cellHere = (row, run) => cell(row, titleOf(name), run);

    describe('with koffi left out, and installed beside it', () => {
      let bundling;
      const bundled = () =>
        (bundling ??= bundle(name, { program: 'app', external: true, prepare: examplesBeside }));
      after(async () => {
        const app = await bundling?.catch(() => undefined); // its tests have failed by it
        if (app !== undefined) rmSync(app.out, { recursive: true });
      });

      for (const [row, outcomeOf] of Object.entries(APP_ROWS)) {
        it(row, () =>
          cellHere(row, async () => {
            const { out, file } = await bundled();
            return outcomeOf(join(out, file), tools);
          }),
        );
      }
    });

    /** To where no package is installed. */
    function move(out) {
      const elsewhere = join(tools.directory(), 'out');
      cpSync(out, elsewhere, { recursive: true });
      rmSync(out, { recursive: true });
      return elsewhere;
    }

    /** Runs the bundle at a queue with a fallback, which is used. */
    async function fallback({ out, file }) {
      const queue = tools.queues.make();
      const receiver = await tools.receivers.udp();
      const url = `mq://${queue.name}?fallback=udp://127.0.0.1:${receiver.port}`;
      // Package managers' scripts set it, so that packages are found from anywhere.
      const env = { NODE_PATH: undefined };
      const program = tools.programs.node([join(move(out), file), url], { env });
      const { code, stdout, stderr } = await program.ended();
      expect(code, stderr).to.equal(0);
      const { sent, heard } = JSON.parse(stdout);
      expect(sent).to.equal(1);
      await until('it has arrived', () => receiver.lines.length > 0);
      expect(receiver.lines).to.deep.equal(['bundled.starts:1|c']);
      expect(queue.readAll()).to.deep.equal([]);
      expect(heard).to.have.lengthOf(1);
      expect(heard[0]).to.match(/\(koffi: .+; posix-mq: .+\): install koffi, .+ mark koffi as external/);
      expect(heard[0]).not.to.include('is not a constructor');
      return 'fallback';
    }

    it(ABSENT, () =>
      cellHere(ABSENT, async () => fallback(await bundle(name, { program: 'bundled', external: true }))),
    );

    it(INSIDE, () =>
      cellHere(INSIDE, async () => fallback(await bundle(name, { program: 'bundled', external: false }))),
    );
  });
}
