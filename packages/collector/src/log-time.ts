import { fstatSync } from 'node:fs';

/** A stream of this process. */
interface Stream {
  readonly isTTY?: boolean;
  readonly fd?: number;
}

/**
 * What stands before each line of a log: the time, but on a terminal, where somebody reads it as it comes, and in systemd's
 * journal, which has a time of its own.
 */
export function logTime(stream: Stream, env: NodeJS.ProcessEnv): () => string {
  if (stream.isTTY === true || isJournal(stream, env)) return () => '';
  return () => `${new Date().toISOString()} `;
}

/** `JOURNAL_STREAM` names the device and the inode of the journal's socket. A program that was started further down may write elsewhere. */
function isJournal({ fd }: Stream, { JOURNAL_STREAM: journal }: NodeJS.ProcessEnv): boolean {
  if (journal === undefined || fd === undefined) return false;
  try {
    const { dev, ino } = fstatSync(fd, { bigint: true });
    return journal === `${dev}:${ino}`;
  } catch {
    return false;
  }
}
