import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Later } from '../cleanup.js';

/** A server of others as a process of its own, with a folder of its own. */
export class ServerProcess {
  readonly folder: string = mkdtempSync(path.join(tmpdir(), 'afstatsd-server-'));
  #child: ChildProcess | undefined;
  #output = '';

  /** @param later - has it end, and its folder removed. */
  constructor(later: Later) {
    later(() => this.stop());
  }

  start(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
    const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', 'ipc'];
    const child = spawn(command, args, { cwd: this.folder, env: { ...process.env, ...env }, stdio });
    child.stdout!.on('data', (chunk) => (this.#output += String(chunk)));
    child.stderr!.on('data', (chunk) => (this.#output += String(chunk)));
    child.on('error', (error) => (this.#output += String(error)));
    this.#child = child;
    return child;
  }

  /** What it has printed so far. */
  get output(): string {
    return this.#output;
  }

  /** @throws Error if it has ended, with what it printed last. */
  check(): void {
    const { exitCode, signalCode, pid } = this.#child ?? {};
    if (pid !== undefined && exitCode === null && signalCode === null) return;
    throw new Error(`the server has ended (${exitCode ?? signalCode}): ${this.#output.slice(-2000)}`);
  }

  /** Ends it at once, as a crash would. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
