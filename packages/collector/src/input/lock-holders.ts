import { readFileSync } from 'node:fs';
import type { Queue } from '@afstatsd/mqueue';

/** A process that holds the lock of a queue. */
export interface Holder {
  readonly pid: number;
  /** The user who started the process. Undefined if the process isn't visible, for instance because `/proc` hides other users. */
  readonly uid: number | undefined;
}

/** The visible processes that hold the lock of a queue. Processes of another PID namespace aren't visible. */
export function holdersOf(queue: Queue): Holder[] {
  return queue.lockHolders.map((pid) => ({ pid, uid: realUid(pid) }));
}

/**
 * The real user id of a process. The effective one isn't used, because it is root's in a set-uid program. The owner of
 * `/proc/PID` isn't used, because it is root for a process that has given up rights.
 */
function realUid(pid: number): number | undefined {
  try {
    const [, uid] = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
    return uid === undefined ? undefined : Number(uid);
  } catch {
    return undefined;
  }
}

/** The holders as text for a message. */
export function describeHolders(holders: readonly Holder[]): string {
  if (holders.length === 0) return "a process that can't be seen from here, as in another container";
  return holders
    .map(({ pid, uid }) => `process ${pid}${uid === undefined ? '' : ` of user ${uid}`}`)
    .join(', ');
}
