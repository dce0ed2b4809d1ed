import { isMainThread } from 'node:worker_threads';
import { entriesOf, isLinux, readText, sizeOf } from './node.js';
import type { StartProbe } from './probe.js';

const FOLDER = '/proc/self/fd';

/** How many descriptors are open. Since Linux 6.2 the folder's size says so. Before, its size is 0, and it has to be read. */
function openDescriptors(): number {
  const size = sizeOf(FOLDER);
  if (size > 0) return size;
  return entriesOf(FOLDER).length - 1; // without the one that reads the folder
}

/** The soft limit of open descriptors. Undefined if there is none. */
function limit(): number | undefined {
  const soft = /^Max open files\s+(\d+)/m.exec(readText('/proc/self/limits'))?.[1];
  return soft === undefined ? undefined : Number(soft);
}

/** Open file descriptors of the process, and how many there can be. */
export const startDescriptors: StartProbe = ({ process }) => {
  if (!isMainThread || !isLinux) return undefined;
  const most = limit();
  return {
    read() {
      process.gauge('process.open.fds', openDescriptors());
      if (most !== undefined) process.gauge('process.max.fds', most);
    },
  };
};
