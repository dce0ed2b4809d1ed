import { readFileSync } from 'node:fs';

/** Where Linux keeps the limits of the IPC namespace; mq_overview(7). */
export type KernelLimit = 'msg_max' | 'msgsize_max' | 'queues_max';

export function pathOfLimit(limit: KernelLimit): string {
  return `/proc/sys/fs/mqueue/${limit}`;
}

export function kernelLimit(limit: KernelLimit): number | undefined {
  const text = readText(pathOfLimit(limit));
  return text === undefined ? undefined : Number(text);
}

/** A soft limit of this process, as `/proc/self/limits` writes it: digits or `unlimited`. */
export function processLimit(row: 'Max msgqueue size' | 'Max open files'): string | undefined {
  const limits = readText('/proc/self/limits');
  return limits === undefined ? undefined : new RegExp(`^${row} +(\\w+)`, 'm').exec(limits)?.[1];
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
