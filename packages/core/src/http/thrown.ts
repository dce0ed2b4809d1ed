import type { StatsdClient } from '../index.js';
import { describe } from '../instrument.js';

/** Says once for each subject what `error` it threw. */
export function sayThrown(statsd: StatsdClient, subject: string, error: unknown): void {
  statsd.warnOnce(
    `http ${subject}`,
    () => `HTTP instrumentation (${subject}) threw ${describe(String(error))}`,
  );
}
