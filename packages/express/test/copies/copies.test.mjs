// That copies of the packages which are loaded again and again, as Jest and hot reloading do, leave one subscriber, or none, and
// no copy behind.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

/** V8 keeps the code of each environment for the report of a coverage run. */
const env = { ...process.env, NODE_V8_COVERAGE: '' };
const run = promisify(execFile);
const require = createRequire(import.meta.url);
const TIMEOUT_MS = 170_000;
/** Less than one environment of Jest with Express in it, which is 4,500,000. */
const GROWTH_BYTES = 3_000_000;

/**
 * From the first half of the files to the second, in bytes. The least of each half counts, because one environment more or less is
 * there at any time. If each file left its environment, the second half would have many more.
 */
const growthOf = (heap) =>
  Math.min(...heap.slice(heap.length / 2)) - Math.min(...heap.slice(2, heap.length / 2));

describe('40 files of Jest in one worker, each with an app of its own', () => {
  const FILES = 40;
  let folder;
  let ends;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'afstatsd-jest-'));
    const app = join(import.meta.dirname, 'jest-app.cjs');
    for (let i = 0; i < FILES; i++) {
      writeFileSync(join(folder, `${i}.test.js`), `require(${JSON.stringify(app)}).records(test);\n`);
    }
    const config = {
      transform: {},
      watchman: false,
      maxWorkers: 1,
      reporters: [join(import.meta.dirname, 'jest-reporter.cjs')],
      roots: [folder],
    };
    writeFileSync(join(folder, 'jest.config.json'), JSON.stringify(config));
    const args = ['--expose-gc', require.resolve('jest/bin/jest'), '--runInBand', '--ci', '--no-cache'];
    const { stdout } = await run(process.execPath, [...args, '--config', join(folder, 'jest.config.json')], {
      timeout: TIMEOUT_MS,
      env,
    });
    ends = JSON.parse(stdout.trim().split('\n').at(-1));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('each records its own requests', () => {
    expect(ends.map(({ passed }) => passed)).to.deep.equal(Array.from({ length: FILES }, () => 1));
  });

  it('have one subscriber at most at any time', () => {
    expect(Math.max(...ends.map(({ subscribers }) => subscribers))).to.be.at.most(1);
  });

  it('leave no environment behind', () => {
    const heap = ends.map((one) => one.heap);
    expect(growthOf(heap), heap.join(' ')).to.be.below(GROWTH_BYTES);
  });
});

describe('ten reloads of an app, while its server stays', () => {
  let result;

  before(async () => {
    const program = join(import.meta.dirname, 'reloads.mjs');
    const { stdout } = await run(process.execPath, ['--expose-gc', program], { timeout: TIMEOUT_MS, env });
    result = JSON.parse(stdout);
  });

  it('each copy records its own requests', () => {
    expect(result.recorded).to.deep.equal(Array.from({ length: 10 }, () => 20));
  });

  it('leave one subscriber, and none when the server has closed', () => {
    expect(result.subscribers).to.equal(1);
    expect(result.subscribersAtEnd).to.equal(0);
  });

  it('leave at most the copy that is in use, and the one that has subscribed', () => {
    expect(result.alive).to.be.at.most(2);
  });
});
