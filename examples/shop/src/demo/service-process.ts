import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Stats } from '@afstatsd/core';
import type { ServiceMessage } from '../service.js';
import { environment } from './environment.js';

/** How long a service may take to end, in ms: its last flush may wait for a slow collector. */
const LONGEST_END = 60_000;

/** A service of the shop, as a process of its own. */
export class ServiceProcess {
  readonly pid: number | undefined;
  /** Rejects when it ends although nobody has asked it to. */
  readonly failed: Promise<never>;
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<string>;
  readonly #url: Promise<string>;
  #ledgers: readonly Stats[] | undefined;

  /** @param program - the file that is run, and how it is called in messages. */
  constructor(name: string, program: string, variables: NodeJS.ProcessEnv) {
    this.#name = name;
    const child = fork(program, [], {
      env: environment(variables),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#process = child;
    this.pid = child.pid;
    this.#ended = once(child, 'exit').then(([code, signal]) => String(code ?? signal));
    this.failed = this.#ended.then((how) => {
      throw new Error(`the ${name} ended with ${how} before it was told to`);
    });
    this.failed.catch(() => {});
    this.#url = new Promise((resolve) => {
      child.on('message', (message: ServiceMessage) => {
        if ('url' in message) resolve(message.url);
        else this.#ledgers = message.ledgers;
      });
    });
  }

  /** Resolves to its URL when it listens. */
  async listening(): Promise<string> {
    return Promise.race([this.#url, this.failed]);
  }

  /** Has it answer what it was asked, send what it recorded, and end. Resolves to the ledgers of its threads. */
  async end(): Promise<readonly Stats[]> {
    if (this.#process.connected) this.#process.send('end');
    const late = delay(LONGEST_END, 'nothing yet', { ref: false });
    const how = await Promise.race([this.#ended, late]);
    if (how !== '0' || this.#ledgers === undefined) throw new Error(`the ${this.#name} ended with ${how}`);
    return this.#ledgers;
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }
}
