import { readFileSync } from 'node:fs';

/** `1: FLOCK  ADVISORY  WRITE 23614 00:14:1989876 0 EOF`. A line with an arrow is one of somebody who waits. */
const LINE = /^\d+: FLOCK +\S+ +\S+ +(\d+) (\S+) /;

/**
 * The processes that hold a lock of flock(2) on a file.
 *
 * @param inode - As `/proc/locks` writes it: `00:14:1989876`.
 */
export function lockHolders(inode: string): number[] {
  const holders = new Set<number>();
  for (const line of readLocks().split('\n')) {
    const [, pid, file] = LINE.exec(line) ?? [];
    if (file === inode) holders.add(Number(pid));
  }
  return [...holders];
}

function readLocks(): string {
  try {
    return readFileSync('/proc/locks', 'latin1');
  } catch {
    return ''; // a sandbox may hide it
  }
}
