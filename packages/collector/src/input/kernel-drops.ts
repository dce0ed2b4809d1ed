import type { PortMemory } from './datagram-port.js';

/** Reports how many datagrams the kernel drops. */
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

  /** Asks the kernel, unless the last time was less than `every` ms ago. */
  look(every: number): void {
    const now = performance.now();
    if (now - this.#last < every) return;
    this.#last = now;
    const dropped = this.#port.memory()?.dropped ?? 0;
    const datagrams = (dropped - this.#told) >>> 0; // the kernel's 32-bit number wraps around
    if (datagrams > 0) this.#tell(datagrams);
    this.#told = dropped;
  }
}
