// A bundled program sends to the queue where koffi was left out of the bundle and is installed beside it. Where it can't be loaded,
// the program goes on, uses the fallback, and says why, and what to do.
import { copyFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LONG, useDirectories, usePrograms, useQueues, useReceivers, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { needFromNpm } from '../faults/from-npm.mjs';
import { BUNDLERS, VERSIONS } from './bundlers.mjs';
import { project } from './from-npm.mjs';

const PROGRAMS = join(import.meta.dirname, 'programs');
const installed = () => project('bundlers', VERSIONS);

for (const name of LONG ? Object.keys(BUNDLERS) : ['esbuild, esm', 'webpack']) {
  describe(`runtimes: a bundle of ${name}`, () => {
    needFromNpm('the bundlers', installed);
    const programs = usePrograms();
    const queues = useQueues();
    const receivers = useReceivers();
    const directory = useDirectories();

    async function bundle({ external }) {
      const folder = await installed();
      const out = join(folder, `out-${process.pid}`);
      rmSync(out, { recursive: true, force: true });
      mkdirSync(out);
      for (const extension of ['cjs', 'mjs'])
        copyFileSync(join(PROGRAMS, `bundled.${extension}`), join(out, `entry.${extension}`));
      writeFileSync(join(folder, 'load.mjs'), 'export const load = (name) => import(name);\n');
      const { load } = await import(pathToFileURL(join(folder, 'load.mjs')));
      const file = await BUNDLERS[name](load, { entry: join(out, 'entry'), out, external });
      return { out, file };
    }

    /** To where no package is installed. */
    function move(out) {
      const elsewhere = join(directory(), 'out');
      cpSync(out, elsewhere, { recursive: true });
      rmSync(out, { recursive: true });
      return elsewhere;
    }

    /** Runs the bundle at a queue with a fallback. @returns what it says, and what arrived where. */
    async function run(file) {
      const queue = queues.make();
      const receiver = await receivers.udp();
      const url = `mq://${queue.name}?fallback=udp://127.0.0.1:${receiver.port}`;
      // Package managers' scripts set it, so that packages are found from anywhere.
      const program = programs.node([file, url], { env: { NODE_PATH: undefined } });
      const { code, stdout, stderr } = await program.ended();
      expect(code, stderr).to.equal(0);
      const said = JSON.parse(stdout);
      expect(said.sent).to.equal(1);
      const texts = queue.readAll().map(({ text }) => text);
      if (texts.length === 0) await until('it has arrived', () => receiver.lines.length > 0);
      return { ...said, texts, lines: receiver.lines };
    }

    const expectFallback = ({ heard, lines, texts }) => {
      expect({ texts, lines }).to.deep.equal({ texts: [], lines: ['bundled.starts:1|c'] });
      expect(heard).to.have.lengthOf(1);
      expect(heard[0]).to.match(/\(koffi: .+; posix-mq: .+\): install koffi, .+ mark koffi as external/);
      expect(heard[0]).not.to.include('is not a constructor');
    };

    it('with koffi left out, uses the queue where koffi is installed, and else the fallback', async () => {
      const { out, file } = await bundle({ external: true });
      const { heard, texts } = await run(join(out, file));
      expect({ heard, texts }).to.deep.equal({ heard: [], texts: ['bundled.starts:1|c'] });
      expectFallback(await run(join(move(out), file)));
    });

    it('with koffi inside, uses the fallback', async () => {
      const { out, file } = await bundle({ external: false });
      expectFallback(await run(join(move(out), file)));
    });
  });
}
