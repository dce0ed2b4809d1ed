import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeArgs?: readonly string[];
}

/** A real process that runs one of `test/programs`, or any script. */
export class Program {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly #ended: Promise<[number | null, NodeJS.Signals | null]>;

  /** @param script - a file name in `test/programs` without its ending, or an absolute path. */
  constructor(script: string, args: readonly string[] = [], options: ProgramOptions = {}) {
    const { env = {}, nodeArgs = [] } = options;
    const file = path.isAbsolute(script) ? script : path.join(__dirname, '..', 'programs', `${script}.js`);
    this.child = spawn(process.execPath, [...nodeArgs, file, ...args], {
      // Not the real collector's queue, whatever the program forgets to say.
      env: { ...process.env, AFSTATSD_URL: 'memory:', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child.stdout!.on('data', (chunk) => (this.stdout += String(chunk)));
    this.child.stderr!.on('data', (chunk) => (this.stderr += String(chunk)));
    this.#ended = once(this.child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  }

  async ended(): Promise<Ended> {
    const [code, signal] = await this.#ended;
    return { code, signal, stdout: this.stdout, stderr: this.stderr };
  }

  /** The next message that the program sends with `process.send`. */
  async message(): Promise<unknown> {
    const ended = this.#ended.then(() => {
      throw new Error(`the program ended without a message: ${this.stderr}`);
    });
    const [message] = (await Promise.race([once(this.child, 'message'), ended])) as unknown[];
    return message;
  }
}
