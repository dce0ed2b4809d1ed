// Type tests: each line that has to be refused is marked with `@ts-expect-error`, so that the files compile without an
// error, in each compiler and mode, if and only if the types accept and refuse what they should.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { LONG } from '@afstatsd/testing';
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
    // The packages' own declarations are checked, too: they need no others, and those of Node would take long.
    types: [],
    skipLibCheck: false,
    strict: true,
    noImplicitOverride: true,
    noEmit: true,
    ...options,
  };
  mkdirSync(scratch, { recursive: true });
  const project = join(scratch, `${Object.values(options).join('-') || 'default'}.json`);
  const paths = files.map((file) => join(import.meta.dirname, file));
  writeFileSync(project, JSON.stringify({ compilerOptions, files: paths }));
  await execute([compiler, '--project', project, '--pretty', 'false']);
}

describe('types of the decorators', () => {
  after(() => rmSync(scratch, { recursive: true, force: true }));

  for (const dependency of LONG ? ['typescript-5', 'typescript-6', 'typescript'] : ['typescript']) {
    const manifest = require.resolve(`${dependency}/package.json`);
    const { version } = require(manifest);
    const compiler = join(dirname(manifest), 'bin/tsc');

    for (const { mode, experimentalDecorators } of modes) {
      it(`accept what is right and refuse what is wrong (tsc ${version}, ${mode})`, async () => {
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

    it(`finds what is wrong and not marked so, and what is marked and not wrong (tsc ${version})`, async () => {
      const error = await check(compiler, ['unmarked.ts'], {}).catch((error) => error);
      expect(String(error)).to.match(/unmarked\.ts\(5,\d+\): error/);
      expect(String(error)).to.match(
        /unmarked\.ts\(6,\d+\): error TS2578: Unused '@ts-expect-error' directive/,
      );
    });
  }
});
