// Runtimes that restrict programs: with the flags that docs/runtimes.md names the queue is used; without, the warning names them.
import { join } from 'node:path';
import { LONG, usePrograms, useQueues, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { commandOf, needFromNpm, nodeOf } from '../faults/from-npm.mjs';
import { DENO, NODES } from './runtimes.mjs';

const ROOT = join(import.meta.dirname, '../..');
const ONCE = join(import.meta.dirname, 'programs/once.cjs');
const RESTRICTED = NODES.slice(1); // Node.js 20 calls it experimental, and spells it --experimental-permission

describe('runtimes: permissions', () => {
  const programs = usePrograms();
  const queues = useQueues();
  const receivers = useReceivers();

  async function run([command, ...args], url) {
    const program = programs.run(command, [...args, ONCE], { env: { AFSTATSD_URL: url } });
    const { code, stdout, stderr } = await program.ended();
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout);
  }

  for (const version of LONG ? RESTRICTED : RESTRICTED.slice(-1)) {
    describe(`of Node.js ${version}`, () => {
      needFromNpm(`Node.js ${version}`, () => nodeOf(version));
      const allow = async (...flags) => [
        await nodeOf(version),
        '--permission',
        `--allow-fs-read=${ROOT}`,
        ...flags,
      ];

      it('the queue needs --allow-addons and --allow-fs-read', async () => {
        const { sent, heard } = await run(await allow('--allow-addons'), queues.make().url);
        expect({ sent, heard }).to.deep.equal({ sent: 1, heard: [] });
      });

      it('the warning names --allow-addons', async () => {
        const { sent, heard } = await run(await allow(), queues.make().url);
        expect(sent).to.equal(0);
        expect(heard[0]).to.match(/ENOTSUP.*: start node with --allow-addons\./);
        expect(heard[0]).not.to.include('install');
      });

      it('the warning names --allow-fs-read', async () => {
        const command = [await nodeOf(version), '--permission', '--allow-addons'];
        const readable = ['packages', 'test', 'node_modules/@afstatsd'].map(
          (path) => `--allow-fs-read=${join(ROOT, path)}`,
        );
        const { heard } = await run([...command, ...readable], queues.make().url);
        expect(heard[0]).to.match(/ENOTSUP.*: start node with --allow-addons, and with --allow-fs-read/);
      });

      if (version === NODES.at(-1)) {
        it('the warning about UDP names --allow-net', async () => {
          const { heard } = await run(await allow(), 'udp://127.0.0.1:9');
          expect(heard[0]).to.include('--allow-net');
        });
      }
    });
  }

  describe(`of ${DENO}`, () => {
    needFromNpm(DENO, () => commandOf(DENO));
    const allow = async (...flags) => [(await commandOf(DENO))[0], 'run', '--quiet', '--no-prompt', ...flags];

    it('the queue needs --allow-ffi, --allow-read and --allow-env', async () => {
      const flags = ['--allow-ffi', '--allow-read', '--allow-env'];
      const { sent, heard } = await run(await allow(...flags), queues.make().url);
      expect({ sent, heard }).to.deep.equal({ sent: 1, heard: [] });
    });

    it('the warning names the flags', async () => {
      const { sent, heard } = await run(await allow('--allow-read', '--allow-env'), queues.make().url);
      expect(sent).to.equal(0);
      expect(heard[0]).to.match(/: start deno with --allow-ffi, --allow-read and --allow-env\./);
    });

    it('the warning about UDP names --allow-net', async () => {
      const { heard } = await run(
        await allow('--allow-read', '--allow-env', '--allow-ffi'),
        'udp://127.0.0.1:9',
      );
      expect(heard).to.have.lengthOf(1);
      expect(heard[0]).to.include('--allow-net');
    });

    it('UDP needs --allow-net of the receiver with --allow-ffi, and all of it without', async () => {
      const { port } = await receivers.udp();
      const url = `udp://127.0.0.1:${port}`;
      for (const flags of [['--allow-ffi', `--allow-net=127.0.0.1:${port}`], ['--allow-net']]) {
        const { sent, heard } = await run(await allow('--allow-read', '--allow-env', ...flags), url);
        expect({ sent, heard }, flags.join()).to.deep.equal({ sent: 1, heard: [] });
      }
    });
  });
});
