// Runs the tests of the packages that use core through its doors against the published form of core, mqueue and decorators. `npm run
// build` comes first. Arguments go to mocha; with the path of a test file it runs that one alone.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const BUNDLED = ['mqueue', 'core', 'decorators'];
/** Their tests need a module of core that is behind no door, the clock. */
const NOT_TESTED = ['generators', 'observables', 'promises'].map((name) => `**/both/${name}.test.js`);
const TESTED = ['decorators', 'express', 'fastify', 'koa', 'hono', 'prometheus'];

for (const folder of BUNDLED) {
  const cwd = join(root, 'packages', folder);
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/bundle-package.mjs')], {
    cwd,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
}
const hook = join(root, 'scripts/packed-form.cjs');
// Programs that tests start get it, too.
const NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --require ${JSON.stringify(hook)}`.trim();
const own = process.argv.slice(2);
const all = TESTED.map((folder) => `packages/${folder}/dist/{test,test-legacy}/**/*.test.js`);
const ignored = NOT_TESTED.flatMap((pattern) => ['--ignore', pattern]);
const args = own.some((arg) => arg.endsWith('.test.js')) ? own : ['--parallel', ...ignored, ...all, ...own];
process.exitCode =
  spawnSync('npx', ['mocha', ...args], { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_OPTIONS } })
    .status ?? 1;
