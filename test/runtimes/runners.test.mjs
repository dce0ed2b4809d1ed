// Test runners: what a test records arrives if it awaits `flush`; without that, it depends on how the runner ends its tests. The table
// in docs/testing.md has the same rows.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { LONG, usePrograms, useQueues } from '@afstatsd/testing';
import { expect } from 'chai';

const require = createRequire(import.meta.url);
const PAGE = readFileSync(join(import.meta.dirname, '../../docs/testing.md'), 'utf8');
const bin = (name, path) => join(require.resolve(`${name}/package.json`), '..', path);
const config = JSON.stringify({ transform: {}, watchman: false, testMatch: ['**/*.test.js'] });
const vitest = (pool) => [
  'vitest',
  (folder) => [bin('vitest', 'vitest.mjs'), 'run', '--root', folder, `--pool=${pool}`],
  false,
];

/** The globals, the arguments of Node.js, and whether all arrives that no test has flushed. */
const RUNNERS = {
  mocha: ['global', (folder) => [bin('mocha', 'bin/mocha.js'), folder], true],
  '`node:test`': ['node:test', (folder) => ['--test', join(folder, 'metrics.test.js')], true],
  Jest: [
    'global',
    (folder) => [bin('jest', 'bin/jest.js'), '--rootDir', folder, '--config', config, '--ci'],
    false,
  ],
  'Vitest, pool `forks`': ['vitest', vitest('forks')[1], true],
  'Vitest, pool `vmForks`': ['vitest', vitest('vmForks')[1], true],
  'Vitest, pool `threads`': vitest('threads'),
  'Vitest, pool `vmThreads`': vitest('vmThreads'),
};

const source = (from, flush) => `
${from === 'global' ? '' : from === 'vitest' ? "import { it, afterAll } from 'vitest';" : "const { it, after: afterAll } = require('node:test');"}
${from === 'vitest' ? "import { Statsd } from '@afstatsd/core';" : "const { Statsd } = require('@afstatsd/core');"}
it('records', () => void Statsd.increment('hits'));
${flush ? `${from === 'global' ? '(globalThis.afterAll ?? after)' : 'afterAll'}(() => Statsd.flush());` : ''}
`;

describe('runtimes: test runners', () => {
  const programs = usePrograms();
  const queues = useQueues();

  for (const [name, [globals, args, arrives]] of Object.entries(RUNNERS)) {
    // Jest has the run fail where something is loaded after the last test, as a first flush does.
    for (const flush of name === 'Jest' ? [true] : LONG ? [false, true] : [false]) {
      const what = flush || arrives ? 'all' : 'nothing';
      it(`${name} ${flush ? 'with a flush after the last test' : 'without a flush'}: ${what} arrives`, async () => {
        // Beside the packages, so that they are found.
        const folder = join(import.meta.dirname, `.tmp-runner-${process.pid}`);
        mkdirSync(folder, { recursive: true });
        try {
          writeFileSync(
            join(folder, 'package.json'),
            `{ "type": "${globals === 'vitest' ? 'module' : 'commonjs'}" }`,
          );
          writeFileSync(join(folder, 'metrics.test.js'), source(globals, flush));
          const queue = queues.make();
          const env = {
            AFSTATSD_URL: queue.url,
            AFSTATSD_INTERVAL: '60s',
            NODE_V8_COVERAGE: undefined,
            CI: '1',
          };
          const runner = programs.node(args(folder), { env });
          expect(await runner.exit(), runner.stdout + runner.stderr).to.equal(0);
          const texts = queue.readAll().map(({ text }) => text);
          expect(texts, runner.stdout + runner.stderr).to.deep.equal(what === 'all' ? ['hits:1|c'] : []);
          expect(PAGE, 'the page says so').to.include(`| ${name} | ${arrives ? 'all' : 'nothing'} |`);
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      });
    }
  }
});
