import { readFileSync } from 'node:fs';
import type { Queue } from '@afstatsd/mqueue';

/** A process that holds the lock of a queue. */
export interface Holder {
  readonly pid: number;
  /** The user who has started it. `undefined`: the process isn't visible, for instance because `/proc` hides other users' ones. */
  readonly uid: number | undefined;
}

/** The processes that hold the lock of a queue, as far as they can be seen: none of another PID namespace. */
export function holdersOf(queue: Queue): Holder[] {
  return queue.lockHolders.map((pid) => ({ pid, uid: realUid(pid) }));
}

/**
 * The real user id, because the effective one is root's in a set-uid program, whoever has started it. The owner of `/proc/PID`
 * isn't asked, because that is root for a process that has given up rights.
 */
function realUid(pid: number): number | undefined {
  try {
    const [, uid] = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
    return uid === undefined ? undefined : Number(uid);
  } catch {
    return undefined;
  }
}

/** The holders, for people. */
export function describeHolders(holders: readonly Holder[]): string {
  if (holders.length === 0) return "a process that can't be seen from here, as in another container";
  return holders
    .map(({ pid, uid }) => `process ${pid}${uid === undefined ? '' : ` of user ${uid}`}`)
    .join(', ');
}
