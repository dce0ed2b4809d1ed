// Type tests: each line that has to be refused is marked with `@ts-expect-error`, so that the files compile without an
// error if and only if the types accept and refuse what they should.
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const require = createRequire(import.meta.url);
const manifest = require.resolve('typescript/package.json');
const compiler = join(dirname(manifest), 'bin/tsc');
// In the package, so that its dependencies and its own name are found.
const scratch = join(import.meta.dirname, `../../.tmp-types-${process.pid}`);

/** Rejects with what the compiler says, if that is anything. */
async function check(source, name, options = {}) {
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022'],
    module: 'nodenext',
    types: ['node'],
    skipLibCheck: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    ...options,
  };
  mkdirSync(join(scratch, name), { recursive: true });
  const file = join(scratch, name, `main${/\.[cm]ts$/.exec(name)[0]}`);
  writeFileSync(file, readFileSync(join(import.meta.dirname, source)));
  const project = join(scratch, name, 'tsconfig.json');
  writeFileSync(project, JSON.stringify({ compilerOptions, files: [file] }));
  await promisify(execFile)(process.execPath, [compiler, '--project', project, '--pretty', 'false']).catch(
    ({ stdout, stderr }) => {
      throw new Error(stdout + stderr);
    },
  );
}

describe(`types of the Fastify plugin (tsc ${require(manifest).version})`, () => {
  after(() => rmSync(scratch, { recursive: true, force: true }));

  for (const name of ['module.mts', 'module.cts']) {
    it(`accept what is right and refuse what is wrong, in a ${name.endsWith('mts') ? 'module' : 'CommonJS script'}`, () =>
      check('module.mts', name));
  }

  it('are those of the plugin for `import x = require`', () => check('required.cts', 'required.cts'));

  it('need no `exactOptionalPropertyTypes`', () =>
    check('module.mts', 'inexact.mts', { exactOptionalPropertyTypes: false }));

  it('are checked: what is wrong and not marked is found, and what is marked and not wrong', async () => {
    const error = await check('unmarked.mts', 'unmarked.mts').catch((error) => error);
    expect(String(error)).to.match(/main\.mts\(5,\d+\): error/);
    expect(String(error)).to.match(/main\.mts\(6,\d+\): error TS2578: Unused '@ts-expect-error' directive/);
  });
});
