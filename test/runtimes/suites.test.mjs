// The compiled tests of core and of the decorators that need no program of their own, run in Bun and in Deno.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LONG, usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';
import { commandOf, needFromNpm } from '../faults/from-npm.mjs';
import { BUN, DENO } from './runtimes.mjs';

const PACKAGES = join(import.meta.dirname, '../../packages');
const SUITE = join(import.meta.dirname, 'programs/suite.mjs');

/** Folders of compiled tests. Left out: tests that start Node.js, and in `send` under Deno, receivers that bind a port twice. */
const SHORT = [
  'core/dist/test/metric',
  'decorators/dist/test/standard',
  'decorators/dist/test-legacy/legacy',
];
const REST = ['account', 'check', 'retry', 'text', 'wire'].map((room) => `core/dist/test/${room}`);
const both = LONG ? [...SHORT, ...REST] : SHORT;
const SUITES = { [BUN]: LONG ? [...both, 'core/dist/test/send'] : both, [DENO]: both };
/** They start programs of Node.js, or look at its heap. */
const NODE_ONLY = /client-interval|hot-shots|fractions|backpressure/;

const filesIn = (folder) =>
  readdirSync(join(PACKAGES, folder), { recursive: true })
    .filter((file) => file.endsWith('.test.js') && !NODE_ONLY.test(file))
    .map((file) => join(PACKAGES, folder, file));

for (const [runtime, folders] of Object.entries(SUITES)) {
  describe(`runtimes: compiled tests in ${runtime}`, () => {
    needFromNpm(runtime, () => commandOf(runtime));
    const programs = usePrograms();

    for (const folder of folders) {
      it(folder, async () => {
        const [command, ...args] = await commandOf(runtime);
        const files = filesIn(folder);
        expect(files).not.to.deep.equal([]);
        const suite = programs.run(command, [...args, SUITE, ...files]);
        const { code, stdout, stderr } = await suite.ended();
        expect(code, stderr).to.equal(0);
        expect(stdout, stdout + stderr).to.match(/ passing[^]*\nfailed: 0\n$/);
      });
    }
  });
}
