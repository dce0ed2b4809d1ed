import { fstatSync } from 'node:fs';

/** A stream of this process. */
interface Stream {
  readonly isTTY?: boolean;
  readonly fd?: number;
}

/**
 * The text before each line of the log: the time. A terminal gets no time, because somebody reads the lines as they come.
 * systemd's journal gets none, because the journal adds its own.
 */
export function logTime(stream: Stream, env: NodeJS.ProcessEnv): () => string {
  if (stream.isTTY === true || isJournal(stream, env)) return () => '';
  return () => `${new Date().toISOString()} `;
}

/**
 * Whether a stream goes to systemd's journal. `JOURNAL_STREAM` names the device and the inode of the journal's socket. These are
 * compared, because the variable is inherited by programs that write elsewhere.
 */
function isJournal({ fd }: Stream, { JOURNAL_STREAM: journal }: NodeJS.ProcessEnv): boolean {
  if (journal === undefined || fd === undefined) return false;
  try {
    const { dev, ino } = fstatSync(fd, { bigint: true });
    return journal === `${dev}:${ino}`;
  } catch {
    return false;
  }
}
