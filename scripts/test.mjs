// Runs the checks and tests, each as one step, and goes on after a failed one, so that a run shows
// everything that is wrong. Each check counts as one test. After the summary it prints the failed tests with their errors once
// more, because a log of CI may be cut to its end. The last line that it prints is
//   412 passed, 0 failed, 3 skipped
// and the exit code is 0 only if nothing failed.
//
// A few failed tests are run once more, each file alone, because thousands of tests of real processes at once can be unkind to
// one of them. A test that passes then is printed as unsteady, with its first error, and is to be mended.
//
// The short form has at least one test of each kind. With --long, or AFSTATSD_LONG=1, it is every compiler, package manager,
// server and signal.
//
// Other runtimes, bundlers and Next.js (test:runtimes) are several hundred MB from npm. So they are tested where nothing may be
// missing (AFSTATSD_REQUIRE_ALL=1), as in CI, and in the long form; and so is the published form (test:packed).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const flags = process.argv.slice(2);
if (flags.some((flag) => flag !== '--long')) {
  console.error(`there is no ${flags.find((flag) => flag !== '--long')}: npm test [-- --long]`);
  process.exit(2);
}
if (flags.includes('--long')) process.env.AFSTATSD_LONG = '1';
const form = process.env.AFSTATSD_LONG === '1' ? 'long' : 'short';

const scratch = mkdtempSync(join(tmpdir(), 'afstatsd-test-'));
const reports = [];
/** Most lines of a failed test's error that the summary repeats. */
const ERROR_LINES = 30;
/** Most failed tests for which a busy machine may be the reason. */
const MOST_UNSTEADY = 3;
const outcomes = [];

/** Runs a script of package.json, with its output as it comes; returns whether it succeeded. */
function run(script, env = {}) {
  console.log(`\n=== npm run ${script}`);
  const start = performance.now();
  const options = { stdio: 'inherit', env: { ...process.env, ...env } };
  const { status, error } = spawnSync('npm', ['run', '--silent', script], options);
  if (error) console.error(error);
  const passed = status === 0;
  outcomes.push({ script, passed, seconds: (performance.now() - start) / 1000 });
  return passed;
}

/** What a run of mocha has written of its tests; nothing where it crashed. */
function reportOf(file) {
  if (!existsSync(file)) return { passed: 0, failed: 0, skipped: 0, failures: [] };
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Prints tests with their first errors. */
function print(word, list) {
  for (const { title, error } of list) {
    console.log(`\n${word} ${title}\n${error.split('\n').slice(0, ERROR_LINES).join('\n')}`);
  }
}

/** Runs the files of a few failed tests again, one at a time; returns whether all of them pass. */
function passAlone(script, { failed, failures }) {
  if (failed === 0 || failed > MOST_UNSTEADY || failed !== failures.length) return false;
  return [...new Set(failures.map(({ file }) => file))].every((file) => {
    console.log(`\n=== once more, alone: ${relative('.', file)}`);
    const env = { ...process.env, AFSTATSD_LONG: form === 'long' ? '1' : '0' };
    const [command, ...args] =
      script === 'test:packed' ? ['node', 'scripts/test-packed.mjs'] : ['npx', 'mocha'];
    return spawnSync(command, [...args, file], { stdio: 'inherit', env }).status === 0;
  });
}

/** Runs a script whose tests write a report. Returns the report, in which the unsteady tests have passed. */
function runTests(script) {
  const file = join(scratch, `${script.replaceAll(':', '-')}.json`);
  const passed = run(script, { MOCHA_REPORT: file });
  const outcome = outcomes.at(-1);
  const report = reportOf(file);
  if (passed || !passAlone(script, report)) return { ...report, script, unsteady: [] };
  outcome.passed = true;
  const { passed: before, failed, failures } = report;
  return { ...report, script, passed: before + failed, failed: 0, failures: [], unsteady: failures };
}

if (run('clean') && run('build')) {
  for (const check of ['format:check', 'lint', 'knip', 'check:api', 'check:packages']) run(check);
  reports.push(runTests('test:built'));
  // A failed test fails c8 too, so that an unsteady one would hide too little coverage.
  if (reports[0].unsteady.length > 0) run('check:coverage');
  if (form === 'long' || process.env.AFSTATSD_REQUIRE_ALL === '1') {
    reports.push(runTests('test:packed'));
    reports.push(runTests(form === 'long' ? 'test:runtimes' : 'test:runtimes:short'));
  }
}
rmSync(scratch, { recursive: true });

console.log(`\n=== Summary of the ${form} form`);
for (const { script, passed, seconds } of outcomes) {
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${script} (${seconds.toFixed(1)} s)`);
}
print(
  'UNSTEADY, passed alone:',
  reports.flatMap((report) => report.unsteady),
);
print(
  'FAILED',
  reports.flatMap((report) => report.failures),
);

/** The sum over all runs of mocha. */
const total = (count) => reports.reduce((sum, report) => sum + report[count], 0);
// A run of mocha counts as its tests, or as one failure itself if it failed without a failed test (no coverage, a crash).
const crashed = reports.filter(
  ({ script, failed }) => failed === 0 && !outcomes.find((one) => one.script === script).passed,
);
const checks = outcomes.filter(({ script }) => !reports.some((report) => report.script === script));
const failedChecks = checks.filter(({ passed }) => !passed).length;
const failed = total('failed') + crashed.length + failedChecks;
console.log(
  `\n${total('passed') + checks.length - failedChecks} passed, ${failed} failed, ${total('skipped')} skipped`,
);
process.exitCode = failed === 0 ? 0 : 1;
