// The types of core/testing, with those of each library: a line that has to be refused is marked with `@ts-expect-error`, so a
// program compiles without an error if and only if the types accept and refuse what they should.
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const require = createRequire(import.meta.url);
const manifest = require.resolve('typescript/package.json');
const compiler = join(dirname(manifest), 'bin/tsc');
// In the package, so that its own name is found.
const scratch = join(import.meta.dirname, `../../.tmp-types-${process.pid}`);

const MATCHERS = `
declare const anything: unknown;
expect(Statsd).toHaveCounted('orders');
expect(Statsd).toHaveCounted('orders', 3);
expect(Statsd).toHaveCounted('orders', { method: 'card', retry: true, attempt: 2, none: undefined });
expect(Statsd).not.toHaveCounted('orders', 3, { method: expect.stringContaining('c') });
expect(Statsd).toHaveCounted('orders', expect.any(Number));
expect(Statsd).toHaveCounted('orders', (sum: number) => sum > 2);
expect(Statsd).toHaveTimed('checkout', [120, 80], { route: '/pay' });
expect(Statsd).toHaveGauged('stock', 7);
expect(Statsd).toHaveAddedToSet('visitors', ['ann', 42]);
expect(Statsd).toHaveRecordedNothing();
// @ts-expect-error
expect(Statsd).toHaveCounted();
// @ts-expect-error
expect(Statsd).toHaveCounted('orders', '3');
// @ts-expect-error
expect(Statsd).toHaveGauged('stock', [7]);
// @ts-expect-error
expect(Statsd).toHaveTimed('checkout', 3, 'card');
`;

const PROGRAMS = {
  'the globals of Jest': {
    types: ['node', 'jest'],
    code: `
import { Statsd } from '@afstatsd/core';
import { matchers } from '@afstatsd/core/testing';
expect.extend(matchers);
${MATCHERS}`,
  },
  Vitest: {
    types: ['node'],
    code: `
import { Statsd } from '@afstatsd/core';
import { matchers } from '@afstatsd/core/testing';
import { expect } from 'vitest';
expect.extend(matchers);
${MATCHERS}`,
  },
  chai: {
    types: ['node', 'mocha'],
    code: `
import { Statsd } from '@afstatsd/core';
import { statsdAssertions } from '@afstatsd/core/testing';
import { expect, use } from 'chai';
use(statsdAssertions);
expect(Statsd).to.have.counted('orders', 3, { method: 'card' }).and.timed('checkout');
expect(Statsd).to.not.have.gauged('stock', (value) => value > 7);
expect(Statsd).to.have.addedToSet('visitors', ['ann']).and.addedToSet('visitors', 42);
expect(Statsd).to.have.recordedNothing();
// @ts-expect-error
expect(Statsd).to.have.counted('orders', '3');
// @ts-expect-error
expect(Statsd).to.have.timed();
`,
  },
  'no library at all, and the declarations checked': {
    types: ['node'],
    skipLibCheck: false,
    code: `
import { type Recording, createRecordingClient, recordingOf } from '@afstatsd/core/testing';
const recording: Recording = recordingOf(createRecordingClient({ prefix: 'shop' }));
const names: string[] = recording.metrics().map(({ name }) => name);
console.log(names);
// @ts-expect-error
createRecordingClient({ transport: 'null:' });
`,
  },
};

/** Rejects with what the compiler says, if that is anything. */
async function check(name, { types, code, skipLibCheck = true }) {
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022'],
    module: 'nodenext',
    types,
    skipLibCheck,
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
  };
  const folder = join(scratch, name.replaceAll(/\W/g, '-'));
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'main.mts');
  writeFileSync(file, code);
  const project = join(folder, 'tsconfig.json');
  writeFileSync(project, JSON.stringify({ compilerOptions, files: [file] }));
  await promisify(execFile)(process.execPath, [compiler, '--project', project, '--pretty', 'false']).catch(
    ({ stdout, stderr }) => {
      throw new Error(stdout + stderr);
    },
  );
}

describe(`types of core/testing (tsc ${require(manifest).version})`, () => {
  after(() => rmSync(scratch, { recursive: true, force: true }));

  for (const [name, program] of Object.entries(PROGRAMS)) {
    it(`are right with ${name}`, () => check(name, program));
  }

  it('are checked: what is wrong and not marked is found', async () => {
    const { types, code } = PROGRAMS.Vitest;
    const error = await check('wrong', { types, code: code.replaceAll('// @ts-expect-error', '') }).catch(
      (error) => error,
    );
    expect(String(error).match(/error TS/g)).to.have.length(4);
  });
});
