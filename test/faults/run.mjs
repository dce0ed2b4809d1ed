// The job `npm run test:faults`: all of test/faults in the long form. Its options:
//
//   --short        the form that `npm test` runs
//   --minutes N    how long faults strike the collector at random; 10 by default, a third of a minute in the short form
//   --seed N       the seed of their order, as an earlier run has printed it
//   anything else  goes to mocha, such as --grep 'worker thread'
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const options = { short: { type: 'boolean' }, minutes: { type: 'string' }, seed: { type: 'string' } };
const { values, tokens } = parseArgs({ options, strict: false, tokens: true });
const own = new Set(
  tokens
    .filter(({ name }) => name in options)
    .flatMap(({ index, inlineValue, value }) =>
      value === undefined || inlineValue ? [index] : [index, index + 1],
    ),
);
const rest = process.argv.slice(2).filter((_, index) => !own.has(index));

const { short = false, minutes = short ? undefined : '10', seed } = values;
for (const [name, value] of Object.entries({ minutes, seed })) {
  if (value !== undefined && !(Number(value) > 0)) {
    console.error(`--${name} needs a number above 0; it is ${String(value)}`);
    process.exit(2);
  }
}
const env = { ...process.env, AFSTATSD_LONG: short ? '0' : '1' };
if (minutes !== undefined) env.AFSTATSD_FAULTS_MINUTES = minutes;
if (seed !== undefined) env.AFSTATSD_FAULTS_SEED = seed;
const mocha = ['mocha', 'test/faults/**/*.test.mjs', ...rest];
process.exitCode = spawnSync('npx', mocha, { stdio: 'inherit', env }).status ?? 1;
