import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { environment } from './environment.js';

/** How long it may take to pass everything on, in ms. */
const LONGEST_END = 60_000;

/** The collector, as a process of its own that shows its table here. */
export class Collector {
  readonly pid: number | undefined;
  /** Rejects when it ends although nobody has asked it to. */
  readonly failed: Promise<never>;
  readonly #process: ChildProcess;
  readonly #ended: Promise<string>;

  private constructor(child: ChildProcess) {
    this.pid = child.pid;
    this.#process = child;
    this.#ended = once(child, 'exit').then(([code, signal]) => String(code ?? signal));
    this.failed = this.#ended.then((how) => {
      throw new Error(`the collector ended with ${how} before it was told to`);
    });
    this.failed.catch(() => {});
  }

  /** Resolves when it is ready for metrics. What it says of itself comes out on stderr, as it does without the demo. */
  static async start(flags: readonly string[]): Promise<Collector> {
    const child = fork(require.resolve('./collector-program.js'), flags, {
      env: environment(),
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    const collector = new Collector(child);
    child.stderr!.pipe(process.stderr);
    let said = '';
    const ready = new Promise<void>((resolve) => {
      child.stderr!.on('data', (text) => {
        said += String(text);
        if (/afstatsd-collector: ready$/m.test(said)) resolve();
      });
    });
    await Promise.race([ready, collector.failed]);
    return collector;
  }

  /** Has it pass on what it holds, and end. */
  async end(): Promise<void> {
    if (this.#process.connected) this.#process.disconnect();
    const how = await Promise.race([this.#ended, delay(LONGEST_END, 'nothing yet', { ref: false })]);
    if (how !== '0') throw new Error(`the collector ended with ${how}`);
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }
}
