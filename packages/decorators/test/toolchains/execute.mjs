import { execFile } from 'node:child_process';

// Nothing of a reader's own set-up, and no real queue. The coverage of compilers would cost time only.
const env = { PATH: process.env.PATH, AFSTATSD_URL: 'memory:', NODE_NO_WARNINGS: '1', NODE_V8_COVERAGE: '' };

/** Runs Node, and returns what it printed. Rejects with all that it printed if it fails. */
export function execute(args) {
  return new Promise((resolve, reject) => {
    const options = { env, timeout: 120_000, killSignal: 'SIGKILL' };
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${stdout}${stderr}` || error.message));
    });
  });
}
