// Type tests: each line that has to be refused is marked with `@ts-expect-error`, so that the files compile without an
// error if and only if the types accept and refuse what they should. An `.mts` is an ES module, a `.cts` is CommonJS.
import { execFile } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

const require = createRequire(import.meta.url);
const run = promisify(execFile);
const project = path.join(import.meta.dirname, `../../.tmp-types-${process.pid}.json`);

describe('types of the Express middleware', () => {
  after(() => rmSync(project, { force: true }));

  it('accept what is right and refuse what is wrong, for import and require', async () => {
    const manifest = require.resolve('typescript/package.json');
    const files = readdirSync(import.meta.dirname).filter((file) => /\.[cm]ts$/.test(file));
    const compilerOptions = {
      target: 'es2022',
      lib: ['es2022'],
      module: 'nodenext',
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
    };
    const paths = files.map((file) => path.join(import.meta.dirname, file));
    writeFileSync(project, JSON.stringify({ compilerOptions, files: paths }));
    const args = [path.join(path.dirname(manifest), 'bin/tsc'), '--project', project, '--pretty', 'false'];
    await run(process.execPath, args).catch(({ stdout, stderr }) => {
      throw new Error(`${stdout}${stderr}`);
    });
  });
});
