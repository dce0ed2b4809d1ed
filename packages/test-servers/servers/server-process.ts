import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach } from 'mocha';

const running = new Set<ServerProcess>();

/** A server of others as a process of its own, with a folder of its own. It is gone after the test. */
export class ServerProcess {
  readonly folder: string = mkdtempSync(path.join(tmpdir(), 'afstatsd-server-'));
  #child: ChildProcess | undefined;
  #output = '';

  constructor() {
    running.add(this);
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
    running.delete(this);
    const child = this.#child;
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Where a command of the system is, or undefined. */
export function findCommand(name: string): string | undefined {
  // Servers are in sbin, which isn't in everybody's path.
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  return folders
    .map((folder) => path.join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

afterEach(async () => {
  await Promise.all([...running].map((server) => server.stop()));
});
