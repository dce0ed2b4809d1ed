/**
 * Records queries of `mysql2`, by its tracing channels.
 *
 * @module
 */
import { tracingChannel } from 'node:diagnostics_channel';
import { now } from '@afstatsd/core/instrument';
import { type Outcome, Operations } from '../operations.js';
import { Part } from '../part.js';
import { sqlVerb } from '../sql.js';

/** The message of a query. The library has it from its first event to its last. */
interface Query {
  /** The statement. */
  readonly query?: unknown;
  readonly error?: unknown;
}

const part = new Part('mysql2');
const operations = new Operations('mysql');
const begun = new WeakMap<object, number>();

function end(message: object, outcome: Outcome): void {
  const start = begun.get(message);
  if (start === undefined) return;
  begun.delete(message);
  operations.ended(sqlVerb((message as Query).query), outcome, now() - start);
}

for (const channel of ['mysql2:query', 'mysql2:execute']) {
  tracingChannel(channel).subscribe({
    start: part.guarded((message) => void begun.set(message as object, now())),
    error: part.guarded((message) => end(message as object, 'failure')),
    asyncStart: part.guarded((message) =>
      end(message as object, (message as Query).error === undefined ? 'success' : 'failure'),
    ),
  } as never);
}

/** Records nothing more of `mysql2`. */
export const stopMysql2: () => void = part.stop;
