import os from 'node:os';
import process from 'node:process';

const { pid } = process;

/** The host's name and the pid: no two processes that run at a time have the same, not even those of two containers. */
export function processName(): string {
  let host = 'localhost';
  try {
    host = os.hostname() || host;
  } catch {
    // A sandbox may forbid it. The pid alone tells the processes of one host apart.
  }
  return `${host}-${pid}`;
}
