// Runs the checks and tests, each as one step, and goes on after a failed one, so that a run shows
// everything that is wrong. Each check counts as one test. After the summary it prints the failed tests with their errors once
// more, because a log of CI may be cut to its end. The last line that it prints is
//   412 passed, 0 failed, 3 skipped
// and the exit code is 0 only if nothing failed.
//
// The short form has at least one test of each kind. With --long, or AFSTATSD_LONG=1, it is every compiler, package manager,
// server and signal.
//
// Other runtimes, bundlers and Next.js (test:runtimes) are several hundred MB from npm. So they are tested where nothing may be
// missing (AFSTATSD_REQUIRE_ALL=1), as in CI, and in the long form.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const flags = process.argv.slice(2);
if (flags.some((flag) => flag !== '--long')) {
  console.error(`there is no ${flags.find((flag) => flag !== '--long')}: npm test [-- --long]`);
  process.exit(2);
}
if (flags.includes('--long')) process.env.AFSTATSD_LONG = '1';
const form = process.env.AFSTATSD_LONG === '1' ? 'long' : 'short';

const scratch = mkdtempSync(join(tmpdir(), 'afstatsd-test-'));
const reports = { 'test:built': join(scratch, 'built.json'), runtimes: join(scratch, 'runtimes.json') };
/** Most lines of a failed test's error that the summary repeats. */
const ERROR_LINES = 30;
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

if (run('clean') && run('build')) {
  for (const check of ['format:check', 'lint', 'knip', 'check:api', 'check:packages']) run(check);
  run('test:built', { MOCHA_REPORT: reports['test:built'] });
  if (form === 'long' || process.env.AFSTATSD_REQUIRE_ALL === '1')
    run(form === 'long' ? 'test:runtimes' : 'test:runtimes:short', { MOCHA_REPORT: reports.runtimes });
}
const tests = reportOf(reports['test:built']);
const failures = [...tests.failures, ...reportOf(reports.runtimes).failures];
rmSync(scratch, { recursive: true });

console.log(`\n=== Summary of the ${form} form`);
for (const { script, passed, seconds } of outcomes) {
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${script} (${seconds.toFixed(1)} s)`);
}
for (const { title, error } of failures) {
  console.log(`\nFAILED ${title}\n${error.split('\n').slice(0, ERROR_LINES).join('\n')}`);
}
if (failures.length > 0) console.log();

// A run of mocha that failed without a failed test (no coverage, a crash) counts as one failure itself.
const steps = outcomes.filter(({ script, passed }) => script !== 'test:built' || (!passed && !tests.failed));
const passed = tests.passed + steps.filter((step) => step.passed).length;
const failed = tests.failed + steps.filter((step) => !step.passed).length;
console.log(`${passed} passed, ${failed} failed, ${tests.skipped} skipped`);
process.exitCode = failed === 0 ? 0 : 1;
