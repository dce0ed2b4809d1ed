import { startCpu } from './cpu.js';
import { startDescriptors } from './descriptors.js';
import { startImmediateDelay, startLoopDelay, startLoopUtilization } from './event-loop.js';
import { startGc } from './gc.js';
import { startInfo } from './info.js';
import { startHeapSpaces, startLinuxMemory, startMemory } from './memory.js';
import type { RuntimeGroup, RuntimeOptions } from './options.js';
import type { Probe, RuntimeRecorders, StartProbe } from './probe.js';
import { startHandles, startRequests, startResources } from './resources.js';

const PROBES: Readonly<Record<RuntimeGroup, readonly StartProbe[]>> = {
  eventLoop: [startLoopDelay, startImmediateDelay, startLoopUtilization],
  gc: [startGc],
  memory: [startMemory, startLinuxMemory],
  heapSpaces: [startHeapSpaces],
  cpu: [startCpu],
  resources: [startHandles, startRequests, startResources],
  descriptors: [startDescriptors],
  info: [startInfo],
};

const RESOLUTION_MS = 10;

/** The runtime metrics of this thread, being collected. */
export class RuntimeCollection {
  readonly #probes = new Set<Probe>();

  constructor(recorders: RuntimeRecorders, options: RuntimeOptions) {
    const { eventLoopResolution = RESOLUTION_MS } = options;
    for (const [group, starts] of Object.entries(PROBES)) {
      if (options[group as RuntimeGroup] === false) continue;
      for (const start of starts) {
        try {
          const probe = start(recorders, { eventLoopResolution });
          if (probe !== undefined) this.#probes.add(probe);
        } catch {
          // The runtime lacks it, as the documentation says of Bun and Deno. The other probes don't.
        }
      }
    }
  }

  /** Records what there is now. */
  read(): void {
    for (const probe of this.#probes) {
      try {
        probe.read();
      } catch {
        // A sandbox may forbid what it reads, such as /proc. Then it would throw each time.
        this.#end(probe);
      }
    }
  }

  /** Ends all that was set going. */
  stop(): void {
    for (const probe of this.#probes) this.#end(probe);
  }

  #end(probe: Probe): void {
    this.#probes.delete(probe);
    try {
      probe.stop?.();
    } catch {
      // It was of no use, so nothing is left of it.
    }
  }
}
