import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { useCleanup } from './cleanup.js';
import { until } from './until.js';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  /**
   * Added to the environment of the tests, which has no variables of afstatsd but AFSTATSD_URL, `memory:`, and AFSTATSD_SERVICE,
   * `off`. Undefined takes a variable away.
   */
  readonly env?: NodeJS.ProcessEnv;
  /** In a process group of its own. */
  readonly detached?: boolean;
  /** Its working directory; that of the tests by default. */
  readonly cwd?: string;
  /** A program that hangs is killed then, so that its test fails by its exit; 120,000 ms by default. */
  readonly longestMs?: number;
}

const LONGEST_MS = 120_000;

/** Whatever a test forgets to say, its program sends to no real collector, and its metrics have no tag of this workspace. */
function environment(added: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AFSTATSD_'));
  return { ...Object.fromEntries(inherited), AFSTATSD_URL: 'memory:', AFSTATSD_SERVICE: 'off', ...added };
}

/**
 * A real process. What it prints to stdout goes to a file, which is complete even if the process is killed, and which it can
 * write however long the tests don't read it. Nobody sees that file, since it has no name.
 */
export class Program {
  readonly child: ChildProcess;
  /** What it has printed to stderr since the test emptied this. */
  stderr = '';
  readonly #file: number;
  /** All of it, when the process has ended. */
  #stdout: string | undefined;
  readonly #detached: boolean;
  readonly #ended: Promise<[number | null, NodeJS.Signals | null]>;

  constructor(
    command: string,
    args: readonly string[],
    { env = {}, detached = false, longestMs = LONGEST_MS, cwd }: ProgramOptions = {},
  ) {
    this.#file = namelessFile();
    this.#detached = detached;
    this.child = spawn(command, args, {
      env: environment(env),
      cwd,
      detached,
      timeout: longestMs,
      killSignal: 'SIGKILL',
      stdio: ['ignore', this.#file, 'pipe', 'ipc'],
    });
    this.child.stderr!.setEncoding('utf8').on('data', (chunk: string) => (this.stderr += chunk));
    this.#ended = this.#end();
    this.#ended.catch(() => {}); // for those who wait for it
  }

  async #end(): Promise<[number | null, NodeJS.Signals | null]> {
    try {
      // After `close` its own children, too, have let go of its stderr.
      return (await once(this.child, 'close')) as [number | null, NodeJS.Signals | null];
    } finally {
      this.#stdout = this.stdout;
      closeSync(this.#file);
    }
  }

  /** What it has printed to stdout. */
  get stdout(): string {
    return this.#stdout ?? contentOf(this.#file);
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async ended(): Promise<Ended> {
    const [code, signal] = await this.#ended;
    return { code, signal, stdout: this.stdout, stderr: this.stderr };
  }

  /** Waits until it has ended. @returns its exit code, or the signal that it died by. */
  async exit(): Promise<number | NodeJS.Signals> {
    const [code, signal] = await this.#ended;
    return code ?? signal!;
  }

  /** Sends it a signal, and waits until it has ended. @returns its exit code, or the signal that it died by. */
  async kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals> {
    this.child.kill(signal);
    return this.exit();
  }

  /** Ends it if it runs, with its process group if it has one of its own, and waits until it has ended. */
  async remove(): Promise<void> {
    const { pid } = this.child;
    if (pid === undefined) return; // there is no such command, which the test has seen
    if (this.isRunning) {
      if (this.#detached) process.kill(-pid, 'SIGKILL');
      else this.child.kill('SIGKILL');
    }
    await this.exit();
  }

  /**
   * Waits until it has printed a text, to stdout or stderr.
   *
   * @param times - how often; once by default.
   * @throws Error if it ends before.
   */
  async printed(text: string, times = 1): Promise<void> {
    const countIn = (output: string): number => output.split(text).length - 1;
    await until(`it prints "${text}"`, () => {
      if (countIn(this.stderr) + countIn(this.stdout) >= times) return true;
      if (this.#stdout === undefined) return false;
      throw new Error(`it ended without printing "${text}": ${this.stdout}${this.stderr}`);
    });
  }

  /** Waits until what it has printed to stdout matches. @throws Error if it ends before. */
  async matched(pattern: RegExp): Promise<RegExpExecArray> {
    let match: RegExpExecArray | null = null;
    await until(`it prints what ${pattern} matches`, () => {
      match = pattern.exec(this.stdout);
      if (match !== null) return true;
      if (this.#stdout === undefined) return false;
      throw new Error(`it ended without printing what ${pattern} matches: ${this.stdout}${this.stderr}`);
    });
    return match!;
  }

  /** The next message that it sends with `process.send`. */
  async message(): Promise<unknown> {
    const ended = this.#ended.then(() => {
      throw new Error(`it ended without a message: ${this.stderr}`);
    });
    const [message] = (await Promise.race([once(this.child, 'message'), ended])) as unknown[];
    return message;
  }
}

/** Makes a file, and removes its name: it is gone when nobody has it open any more. */
function namelessFile(): number {
  const name = path.join(tmpdir(), `afstatsd-test-${process.pid}-${randomBytes(6).toString('hex')}`);
  const file = openSync(name, 'ax+', 0o600);
  unlinkSync(name);
  return file;
}

function contentOf(file: number): string {
  const buffer = Buffer.alloc(fstatSync(file).size);
  let bytes = 0;
  for (let more = 1; more > 0 && bytes < buffer.length; bytes += more) {
    more = readSync(file, buffer, bytes, buffer.length - bytes, bytes);
  }
  return buffer.toString('utf8', 0, bytes);
}

export interface Programs {
  /** Starts a command. */
  run(command: string, args?: readonly string[], options?: ProgramOptions): Program;
  /** Starts Node.js with these arguments. */
  node(args: readonly string[], options?: ProgramOptions): Program;
  /** Has a program that was started in another way end after the test. */
  add<P extends Program>(program: P): P;
}

/** To be called in a `describe`: what its tests start has ended after the test. */
export function usePrograms(): Programs {
  const later = useCleanup();
  const add = <P extends Program>(program: P): P => {
    later(() => program.remove());
    return program;
  };
  return {
    add,
    run: (command, args = [], options = {}) => add(new Program(command, args, options)),
    node: (args, options = {}) => add(new Program(process.execPath, args, options)),
  };
}
