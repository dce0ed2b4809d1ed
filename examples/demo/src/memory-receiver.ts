import { MemoryTransport } from '@afstatsd/core';
import { Arrivals, type Arrived } from './arrivals.js';
import { LiveView } from './live-view.js';
import type { Receiver } from './receiver.js';

/** How often it takes messages out, in ms. */
const PERIOD = 100;

/** For machines without message queues: the same messages, read in this process. */
export class MemoryReceiver implements Receiver {
  readonly description = 'the memory of this process';
  readonly transport: MemoryTransport = new MemoryTransport();
  readonly failed: Promise<never> = new Promise(() => {});
  readonly #arrivals = new Arrivals();
  readonly #view = new LiveView(this.#arrivals);
  readonly #ticker = setInterval(() => this.#take(), PERIOD);

  finish(): Promise<Arrived> {
    this.#take();
    return Promise.resolve(this.#arrivals.total());
  }

  close(): void {
    clearInterval(this.#ticker);
    this.#view.close();
  }

  #take(): void {
    for (const message of this.transport.messages) this.#arrivals.add(message);
    this.transport.clear();
  }
}
