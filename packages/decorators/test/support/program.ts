import { execFile } from 'node:child_process';
import path from 'node:path';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A real process that runs one of `test/programs`, in the same compilation as the test. */
export class Program {
  readonly #ended: Promise<Ended>;

  /** @param from - the folder of the test. */
  constructor(from: string, name: string, args: readonly string[] = [], nodeArgs: readonly string[] = []) {
    const file = path.join(from, '..', 'programs', `${name}.js`);
    const env = { ...process.env, AFSTATSD_URL: 'memory:' };
    this.#ended = new Promise((resolve) => {
      execFile(
        process.execPath,
        [...nodeArgs, file, ...args],
        { env, timeout: 60_000 },
        (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
  }

  ended(): Promise<Ended> {
    return this.#ended;
  }
}
