// Where a program runs: its globals are those of Node.js, of a context, or of a test runner.
import { join } from 'node:path';
import { ENDS } from './ends.cjs';
import { jestJsdom } from './from-npm.mjs';
import { JEST } from './jest.mjs';
import { TEST_ENDS } from './test-ends.cjs';

const PROGRAMS = join(import.meta.dirname, 'programs');
const END = join(PROGRAMS, 'end.cjs');

/**
 * @typedef {object} Realm
 * @property {Readonly<Record<string, import('./ends.cjs').End>>} ends - those that there are.
 * @property {(end: string, exitTimeoutMs: number) => string[] | Promise<string[]>} args - of Node.js.
 * @property {(end: string) => NodeJS.ProcessEnv} [env]
 * @property {() => Promise<unknown>} [needs] - rejects where it can't be had.
 */

async function jestArgs(environment) {
  const config = { rootDir: PROGRAMS, testMatch: ['**/end.jest.cjs'], transform: {}, watchman: false };
  return [
    JEST,
    '--config',
    JSON.stringify({ ...config, testEnvironment: environment }),
    '--ci',
    '--no-cache',
    '--runInBand',
  ];
}

const testEnd = (end) => ({ AFSTATSD_TEST_END: end });

/** @type {Readonly<Record<string, Realm>>} */
export const REALMS = {
  'a plain script': { ends: ENDS, args: (end, ms) => [END, end, String(ms)] },
  'a context of node:vm': {
    ends: ENDS,
    args: (end, ms) => [join(PROGRAMS, 'in-context.cjs'), END, end, String(ms)],
  },
  'a test of Jest': { ends: TEST_ENDS, args: () => jestArgs('node'), env: testEnd },
  'a test of Jest with jsdom': {
    ends: TEST_ENDS,
    args: async () => jestArgs(await jestJsdom()),
    env: testEnd,
    needs: jestJsdom,
  },
};
