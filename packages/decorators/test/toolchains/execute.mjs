import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
// Nothing of a reader's own set-up, and no real queue. An empty NODE_V8_COVERAGE: the coverage of compilers is nobody's.
const env = { PATH: process.env.PATH, AFSTATSD_URL: 'memory:', NODE_NO_WARNINGS: '1', NODE_V8_COVERAGE: '' };

/** Runs Node, and returns what it printed. Rejects with all that it printed if it fails. */
export async function execute(args) {
  try {
    const { stdout } = await run(process.execPath, args, { env, timeout: 60_000, killSignal: 'SIGKILL' });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error;
    throw new Error(`${stdout}${stderr}` || String(error), { cause: error });
  }
}
