import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Stats } from '@afstatsd/core';

type Answer = { readonly order: number; readonly ms: number } | { readonly stats: Stats };

/** Has invoices made, in a thread of their own. */
export class Invoices {
  readonly #thread = new Worker(require.resolve('./invoice-worker.js'));
  readonly #waiting = new Map<number, (ms: number) => void>();
  #stats: Stats | undefined;

  constructor() {
    this.#thread.on('message', (answer: Answer) => {
      if ('stats' in answer) this.#stats = answer.stats;
      else {
        this.#waiting.get(answer.order)?.(answer.ms);
        this.#waiting.delete(answer.order);
      }
    });
  }

  /** @returns How long it took, in ms. */
  async render(order: number): Promise<number> {
    return new Promise((resolve) => {
      this.#waiting.set(order, resolve);
      this.#thread.postMessage(order);
    });
  }

  /** @returns What became of the thread's samples. */
  async close(): Promise<Stats> {
    const ended = once(this.#thread, 'exit');
    this.#thread.postMessage('end');
    await ended;
    if (this.#stats === undefined) throw new Error('the thread for invoices ended before it was told to');
    return this.#stats;
  }
}
