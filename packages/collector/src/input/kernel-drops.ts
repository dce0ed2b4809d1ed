import type { PortMemory } from './datagram-port.js';

/** Tells how many datagrams the kernel drops. */
export class KernelDrops {
  readonly #port: { memory(): PortMemory | undefined };
  readonly #tell: (datagrams: number) => void;
  #told = 0;
  #last = -Infinity;

  /** @param tell - called with the datagrams that were dropped since the last call. */
  constructor(port: { memory(): PortMemory | undefined }, tell: (datagrams: number) => void) {
    this.#port = port;
    this.#tell = tell;
  }

  /** Asks the kernel, unless that was less than so many ms ago. */
  look(every: number): void {
    const now = performance.now();
    if (now - this.#last < every) return;
    this.#last = now;
    const dropped = this.#port.memory()?.dropped ?? 0;
    const datagrams = (dropped - this.#told) >>> 0; // the kernel's number runs over
    if (datagrams > 0) this.#tell(datagrams);
    this.#told = dropped;
  }
}
