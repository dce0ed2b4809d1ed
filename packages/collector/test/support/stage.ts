import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Queue, openQueue, unlinkQueue } from '@afstatsd/mqueue';
import { type Arrived, arrivedIn } from './arrived.js';
import { until } from './until.js';

/** The program's file. */
export const MAIN: string = path.join(__dirname, '../../src/main.js');

/** A real process. What it prints to stdout goes to a file, which is complete even if the process is killed. */
export class Program {
  readonly child: ChildProcess;
  stderr = '';
  readonly #file: string;
  readonly #ended: Promise<unknown[]>;

  constructor(
    command: string,
    args: readonly string[],
    { directory, env = {} }: { directory: string; env?: NodeJS.ProcessEnv },
  ) {
    this.#file = path.join(directory, `stdout-${randomBytes(4).toString('hex')}`);
    const file = openSync(this.#file, 'w');
    this.child = spawn(command, args, {
      // Not a real collector's queue or port, whatever a test forgets to say.
      env: { ...process.env, AFSTATSD_URL: 'memory:', ...env },
      stdio: ['ignore', file, 'pipe', 'ipc'],
    });
    closeSync(file);
    this.child.stderr!.on('data', (chunk) => (this.stderr += String(chunk)));
    this.#ended = once(this.child, 'close');
  }

  get stdout(): string {
    return readFileSync(this.#file, 'utf8');
  }

  async printed(text: string): Promise<void> {
    const { child } = this;
    await until(`it prints ${text}; it has printed ${this.stderr}`, () => {
      if (this.stderr.includes(text)) return true;
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`it ended (${child.exitCode}) without printing ${text}: ${this.stderr}`);
      return false;
    });
  }

  /** Its exit code, or the signal that it died by. */
  async ended(): Promise<number | string> {
    const [code, signal] = await this.#ended;
    return (code ?? signal) as number | string;
  }

  async kill(signal: NodeJS.Signals): Promise<number | string> {
    this.child.kill(signal);
    return this.ended();
  }
}

/** A running `afstatsd-collector`. */
export class CollectorProgram extends Program {
  /** What its `--json` console has printed so far; a line that is still being written is left out. */
  get arrived(): Arrived {
    return arrivedIn(this.stdout);
  }

  async ready(): Promise<this> {
    await this.printed('collector: ready');
    return this;
  }
}

export interface Stage {
  /** A name that no other test, and no collector, uses; its queue is removed after the test. */
  queueName(): string;
  /** Opens the queue to send, as a client would. */
  sender(name: string): Queue;
  /** A directory that is removed after the test. */
  directory(): string;
  /** Starts the collector, without queue or UDP unless they are given, with a console that prints JSON every 20 ms. */
  collector(
    args?: readonly string[],
    options?: { table?: boolean; env?: NodeJS.ProcessEnv },
  ): CollectorProgram;
  /** Starts a command that becomes a collector: Node.js with these arguments, unless it is another one. */
  bare(args: readonly string[], command?: string): CollectorProgram;
  /** Starts one of `test/programs`. */
  program(name: string, args?: readonly string[]): Program;
  /** Starts any program. */
  command(command: string, args: readonly string[]): Program;
  /** Something else to do after the test. */
  later(clean: () => unknown): void;
}

/** What a test needs around it. After the test, nothing is left of it: processes, queues, directories. */
export function stage(): Stage {
  const cleaners: (() => unknown)[] = [];
  const programs: Program[] = [];
  let shared: string | undefined;

  afterEach(async () => {
    const running = programs.splice(0);
    for (const { child } of running)
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await Promise.all(running.map((program) => program.ended()));
    for (const clean of cleaners.splice(0).reverse()) await clean();
    shared = undefined;
  });

  const at: Stage = {
    queueName() {
      const name = `/afstatsd-test-${process.pid}-${randomBytes(6).toString('hex')}`;
      cleaners.push(() => unlinkIfPresent(name));
      return name;
    },
    sender(name) {
      const queue = openQueue(name, { access: 'write' });
      cleaners.push(() => queue.close());
      return queue;
    },
    directory() {
      if (shared !== undefined) return shared;
      const made = mkdtempSync(path.join(tmpdir(), 'afstatsd-collector-test-'));
      cleaners.push(() => rmSync(made, { recursive: true }));
      shared = made;
      return made;
    },
    collector(args = [], { table = false, env = {} } = {}) {
      const shows = table ? '--console' : '--json';
      const all = ['--queue', 'off', '--udp', 'off', '--interval', '20ms', shows, ...args];
      const program = new CollectorProgram(process.execPath, [MAIN, ...all], {
        directory: at.directory(),
        env,
      });
      programs.push(program);
      return program;
    },
    bare(args, command = process.execPath) {
      const program = new CollectorProgram(command, args, { directory: at.directory() });
      programs.push(program);
      return program;
    },
    program(name, args = []) {
      return at.command(process.execPath, [path.join(__dirname, `../programs/${name}.js`), ...args]);
    },
    command(command, args) {
      const program = new Program(command, args, { directory: at.directory() });
      programs.push(program);
      return program;
    },
    later: (clean) => void cleaners.push(clean),
  };
  return at;
}

function unlinkIfPresent(name: string): void {
  try {
    unlinkQueue(name);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
  }
}
