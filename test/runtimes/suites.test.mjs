// The compiled tests of core, the middleware and the decorators, run in Bun and in Deno, but for those of Node.js alone.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LONG, usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';
import { commandOf, needFromNpm } from '../faults/from-npm.mjs';
import { EXCEPTIONS } from './exceptions.mjs';
import { BUN, DENO } from './runtimes.mjs';

const PACKAGES = join(import.meta.dirname, '../../packages');
const SUITE = join(import.meta.dirname, 'programs/suite.mjs');
const TITLES = join(import.meta.dirname, 'programs/titles.mjs');
const PAGE = readFileSync(join(import.meta.dirname, '../../docs/runtimes.md'), 'utf8');
/** How long a folder may take, in ms. */
const LONGEST_MS = 590_000;

/** Folders of compiled tests. Left out are those that start Node.js by its flags, or look at its heap or its signals. */
const SHORT = [
  'core/dist/test/metric',
  'core/dist/test/http',
  'decorators/dist/test/standard',
  'decorators/dist/test-legacy/legacy',
];
const REST = [
  ...[
    'account',
    'call',
    'check',
    'client',
    'record',
    'regression',
    'retry',
    'send',
    'text',
    'transport',
    'wire',
  ].map((room) => `core/dist/test/${room}`),
  'decorators/dist/test/both',
  'decorators/dist/test-legacy/both',
  'express/dist/test',
  'fastify/dist/test',
];
const FOLDERS = LONG ? [...SHORT, ...REST] : SHORT;

const filesIn = (folder) =>
  readdirSync(join(PACKAGES, folder), { recursive: true })
    .filter((file) => file.endsWith('.test.js'))
    .map((file) => join(PACKAGES, folder, file));

/** The full titles of the tests in files. */
async function titlesIn(files, programs) {
  const { stdout, stderr } = await programs.node([TITLES, ...files]).ended();
  expect(stderr).to.equal('');
  return JSON.parse(stdout);
}

for (const runtime of [BUN, DENO]) {
  describe(`runtimes: compiled tests in ${runtime}`, () => {
    needFromNpm(runtime, () => commandOf(runtime));
    const programs = usePrograms();
    const exceptions = EXCEPTIONS[runtime];
    const exceptionOf = (title) => exceptions.find(({ tests }) => tests.test(title));

    for (const folder of FOLDERS) {
      it(folder, async function () {
        this.timeout(LONGEST_MS + 10_000);
        const [command, ...args] = await commandOf(runtime);
        const files = filesIn(folder);
        const titles = await titlesIn(files, programs);
        expect(titles).not.to.deep.equal([]);
        const leftOut = titles.filter((title) => exceptionOf(title)?.leftOut);
        const suite = programs.run(command, [...args, SUITE, JSON.stringify(leftOut), ...files], {
          env: { AFSTATSD_SERVICE: undefined },
          longestMs: LONGEST_MS,
        });
        const { code, stdout, stderr } = await suite.ended();
        expect(code, stderr).to.equal(0);
        const failed = JSON.parse(stdout.trimEnd().split('\n').at(-1));
        const expected = titles.filter(
          (title) => exceptionOf(title)?.leftOut === undefined && exceptionOf(title),
        );
        // One that fails twice, as in a callback of its own too, is one.
        expect([...new Set(failed)], stdout + stderr).to.have.members(expected);
      });
    }

    it('has its exceptions in the documentation', () => {
      for (const { why } of exceptions) expect(PAGE).to.include(why);
    });
  });
}
