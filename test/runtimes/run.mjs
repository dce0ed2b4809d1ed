// The job `pnpm test:runtimes`: all of test/runtimes in the long form, or with --short in the form that `npm test` runs. With --write
// it writes the tables of docs/runtimes.md. Anything else goes to mocha, such as --grep Deno.
import { spawnSync } from 'node:child_process';

const own = new Set(['--short', '--write']);
const args = process.argv.slice(2);
const env = { ...process.env, AFSTATSD_LONG: args.includes('--short') ? '0' : '1' };
if (args.includes('--write')) env.AFSTATSD_RUNTIMES_WRITE = '1';
const mocha = ['mocha', 'test/runtimes/**/*.test.mjs', ...args.filter((arg) => !own.has(arg))];
process.exitCode = spawnSync('npx', mocha, { stdio: 'inherit', env }).status ?? 1;
