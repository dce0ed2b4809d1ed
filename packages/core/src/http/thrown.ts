import type { StatsdClient } from '../index.js';
import { describe } from '../instrument.js';

/** Warns about an error, once for each subject. */
export function sayThrown(statsd: StatsdClient, subject: string, error: unknown): void {
  statsd.warnOnce(
    `http ${subject}`,
    () => `HTTP instrumentation (${subject}) threw ${describe(String(error))}`,
  );
}
