import { isMainThread } from 'node:worker_threads';
import { heapSpaces, isLinux, memoryUsage, readText } from './node.js';
import type { StartProbe } from './probe.js';

const BYTES_PER_KB = 1024;

/** The heap of this thread, and the memory of the process, which the main thread reports. */
export const startMemory: StartProbe = ({ thread, process }) => ({
  read() {
    const { heapTotal, heapUsed, external, arrayBuffers, rss } = memoryUsage();
    thread.gauge('nodejs.heap.size.total.bytes', heapTotal);
    thread.gauge('nodejs.heap.size.used.bytes', heapUsed);
    thread.gauge('nodejs.external.memory.bytes', external);
    thread.gauge('nodejs.array.buffers.bytes', arrayBuffers);
    if (isMainThread) process.gauge('process.resident.memory.bytes', rss);
  },
});

/** What the kernel says of the process's memory, in the lines of /proc/self/status. */
export const startLinuxMemory: StartProbe = ({ process }) => {
  if (!isMainThread || !isLinux) return undefined;
  return {
    read() {
      const status = readText('/proc/self/status');
      const bytes = (line: RegExp): number => Number(line.exec(status)?.[1]) * BYTES_PER_KB;
      process.gauge('process.virtual.memory.bytes', bytes(/^VmSize:\s+(\d+) kB/m));
      process.gauge('process.heap.bytes', bytes(/^VmData:\s+(\d+) kB/m));
    },
  };
};

/** The heap of this thread by space: `new`, `old`, `code`, `large_object` and others. */
export const startHeapSpaces: StartProbe = ({ thread }) => {
  // Bun and Deno have the spaces of V8 by name, all of them empty.
  if (heapSpaces().every(({ space_size: size }) => size === 0)) return undefined;
  return {
    read() {
      for (const space of heapSpaces()) {
        const tags = { space: space.space_name.replace(/_space$/, '') };
        thread.gauge('nodejs.heap.space.size.total.bytes', space.space_size, tags);
        thread.gauge('nodejs.heap.space.size.used.bytes', space.space_used_size, tags);
        thread.gauge('nodejs.heap.space.size.available.bytes', space.space_available_size, tags);
      }
    },
  };
};
