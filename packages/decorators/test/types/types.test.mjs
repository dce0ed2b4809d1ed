// Type tests: each line that has to be refused is marked with `@ts-expect-error`, so that the files compile without an
// error, in each compiler and mode, if and only if the types accept and refuse what they should.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { execute } from '../toolchains/execute.mjs';

const require = createRequire(import.meta.url);
const scratch = join(import.meta.dirname, `../../.tmp-types-${process.pid}`);
const folder = (name) => readdirSync(join(import.meta.dirname, name)).map((file) => `${name}/${file}`);
const modes = [
  { mode: 'standard', experimentalDecorators: false },
  { mode: 'legacy', experimentalDecorators: true },
];

/** Rejects with what the compiler says, if that is anything. */
async function check(compiler, files, options) {
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    noImplicitOverride: true,
    noEmit: true,
    ...options,
  };
  mkdirSync(scratch, { recursive: true });
  const project = join(scratch, `${Object.values(options).join('-')}.json`);
  const paths = files.map((file) => join(import.meta.dirname, file));
  writeFileSync(project, JSON.stringify({ compilerOptions, files: paths }));
  await execute([compiler, '--project', project, '--pretty', 'false']);
}

describe('types', function () {
  this.timeout(120_000);

  after(() => rmSync(scratch, { recursive: true, force: true }));

  for (const dependency of ['typescript-5', 'typescript-6', 'typescript']) {
    const manifest = require.resolve(`${dependency}/package.json`);
    const compiler = join(dirname(manifest), 'bin/tsc');

    for (const { mode, experimentalDecorators } of modes) {
      it(`accept what is right and refuse what is wrong (tsc ${require(manifest).version}, ${mode})`, async () => {
        const files = [...folder('both'), ...folder(mode)];
        await Promise.all(
          [true, false].map((exactOptionalPropertyTypes) =>
            check(compiler, [...files, exactOptionalPropertyTypes ? 'exact.ts' : 'inexact.ts'], {
              experimentalDecorators,
              exactOptionalPropertyTypes,
            }),
          ),
        );
      });
    }
  }
});
