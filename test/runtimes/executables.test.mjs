// Single executables, moved to where nothing is installed. `deno compile` isn't among them: it downloads a part of Deno that npm
// doesn't have.
import { copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LONG, useDirectories, usePrograms, useQueues, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { NEWEST, commandOf, needFromNpm, nodeOf } from '../faults/from-npm.mjs';
import { VERSIONS } from './bundlers.mjs';
import { project } from './from-npm.mjs';
import { BUN } from './runtimes.mjs';

const ONCE = join(import.meta.dirname, 'programs/once.cjs');
/** What a bundle begins with, so that it requires what stands beside the executable. */
const REQUIRE = "require = require('node:module').createRequire(process.execPath);";

if (LONG) {
  describe('runtimes: single executables', () => {
    const programs = usePrograms();
    const queues = useQueues();
    const receivers = useReceivers();
    const directory = useDirectories();
    const installed = () => project('executables', { esbuild: VERSIONS.esbuild });
    needFromNpm('esbuild', installed);

    async function build(command, args) {
      const built = programs.run(command, args);
      expect(await built.exit(), built.stdout + built.stderr).to.equal(0);
    }

    async function expectQueue(executable) {
      const queue = queues.make();
      const program = programs.run(executable, [], {
        env: { AFSTATSD_URL: queue.url, NODE_PATH: undefined },
      });
      const { code, stdout, stderr } = await program.ended();
      expect(code, stderr).to.equal(0);
      expect(JSON.parse(stdout)).to.deep.include({ sent: 1, heard: [] });
      expect(queue.readAll().map(({ text }) => text)).to.deep.equal(['hits:1|c']);
    }

    describe(`bun build --compile of ${BUN}`, () => {
      needFromNpm(BUN, () => commandOf(BUN));

      it('has the queue in it', async () => {
        const entry = join(await installed(), 'once.cjs');
        copyFileSync(ONCE, entry);
        const executable = join(directory(), 'once');
        const [bun] = await commandOf(BUN);
        await build(bun, ['build', '--compile', entry, '--outfile', executable]);
        await expectQueue(executable);
      });
    });

    describe(`node --build-sea of ${NEWEST}`, () => {
      needFromNpm(`Node.js ${NEWEST}`, () => nodeOf(NEWEST));

      async function executable(banner) {
        const folder = await installed();
        const entry = join(folder, 'once.cjs');
        copyFileSync(ONCE, entry);
        const at = directory();
        writeFileSync(join(folder, 'load.mjs'), 'export const load = (name) => import(name);\n');
        const { load } = await import(pathToFileURL(join(folder, 'load.mjs')));
        const esbuild = await load('esbuild');
        const main = join(at, 'once.cjs');
        const options = { bundle: true, platform: 'node', external: ['koffi'], logLevel: 'silent' };
        await esbuild.build({ entryPoints: [entry], outfile: main, banner: { js: banner }, ...options });
        const output = join(at, 'once');
        writeFileSync(
          join(at, 'sea.json'),
          JSON.stringify({ main, output, disableExperimentalSEAWarning: true }),
        );
        await build(await nodeOf(NEWEST), ['--build-sea', join(at, 'sea.json')]);
        return { at, output, folder };
      }

      it('uses the queue with koffi beside it', async () => {
        const { at, output, folder } = await executable(REQUIRE);
        mkdirSync(join(at, 'node_modules'));
        for (const name of ['koffi', '@koromix'])
          cpSync(join(folder, 'node_modules', name), join(at, 'node_modules', name), { recursive: true });
        await expectQueue(output);
      });

      it('sends over UDP without koffi', async () => {
        const { output } = await executable(REQUIRE);
        const receiver = await receivers.udp();
        const url = `udp://127.0.0.1:${receiver.port}`;
        const program = programs.run(output, [], { env: { AFSTATSD_URL: url, NODE_PATH: undefined } });
        expect(await program.exit(), program.stderr).to.equal(0);
        await receiver.readAll();
        expect(receiver.lines).to.deep.equal(['hits:1|c']);
      });
    });
  });
}
