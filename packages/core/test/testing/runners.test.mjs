// The matchers in real runs of Jest and Vitest: what passes, what fails, and what a failure says.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { useDirectories, usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';

const require = createRequire(import.meta.url);
const folder = join(import.meta.dirname, 'runners');

/** Arguments that have Jest run a file, and write its report. @param config - beside the one that it needs. */
function jest(report, config) {
  const needed = { rootDir: folder, transform: {}, testMatch: ['**/*.spec.cjs'], watchman: false };
  const options = ['--ci', '--no-cache', '--config', JSON.stringify({ ...needed, ...config })];
  const output = ['--json', `--outputFile=${report}`];
  return [
    require.resolve('jest/bin/jest'),
    ...options,
    ...output,
    '--runTestsByPath',
    join(folder, 'jest.spec.cjs'),
  ];
}

function vitest(report) {
  const program = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs');
  return [program, 'run', '--root', folder, '--reporter=json', `--outputFile=${report}`, 'vitest.spec.mjs'];
}

const RUNNERS = {
  Jest: (report) => jest(report, {}),
  'Jest, with fake timers from the beginning': (report) =>
    jest(report, { fakeTimers: { enableGlobally: true } }),
  Vitest: vitest,
};

describe('the matchers of core/testing', function () {
  const programs = usePrograms();
  const newDirectory = useDirectories();

  for (const [runner, argsOf] of Object.entries(RUNNERS)) {
    it(`in ${runner}`, async () => {
      const report = join(newDirectory(), 'report.json');
      const { code, stderr } = await programs.node(argsOf(report)).ended();
      const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
      const results = testResults.flatMap(({ assertionResults }) => assertionResults);
      const withStatus = (status) => results.filter((one) => one.status === status).map(({ title }) => title);
      expect(withStatus('passed'), stderr).to.deep.equal([
        'what an app has recorded',
        'nothing of the test before',
        'a client of its own',
        'what a timer of the app records',
      ]);
      expect(withStatus('failed')).to.deep.equal(['a sum', 'a negation', 'a client that does not record']);
      expect(code).to.equal(1);
      expect(stderr).to.not.include('StatsdWarning');

      const failureOf = (title) => results.find((one) => one.title === title).failureMessages.join('\n');
      expect(failureOf('a sum')).to.include(
        'expected counter orders {method: card} to be 2, but it is 1\n\nRecorded:\n  counter orders {method: card, region: eu}: 1',
      );
      expect(failureOf('a negation')).to.match(/expected gauge stock not to be Any<Number>, but it is 7/);
      expect(failureOf('a client that does not record')).to.include(
        'this client does not record: make it with createRecordingClient()',
      );
    });
  }
});
