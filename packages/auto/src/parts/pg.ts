/**
 * Records queries of `pg` 8.
 *
 * @module
 */
import { now } from '@afstatsd/core/instrument';
import { onLoaded } from '../loaded-files.js';
import { type Outcome, Operations } from '../operations.js';
import { Part } from '../part.js';
import { replace } from '../replaced.js';
import { sqlVerb } from '../sql.js';

/** The part of the library's query that is looked at. Methods that the library itself calls are replaced, so the app's promises stay as they are. */
interface Query {
  readonly text?: unknown;
  /** An error of the library's own, that it reports once the server is ready. */
  readonly _canceledDueToError?: unknown;
}

type Submit = (this: Query, connection: unknown) => unknown;
type HandleError = (this: Query, error: unknown, connection: unknown) => unknown;
type HandleReady = (this: Query, connection: unknown) => unknown;

const part = new Part('pg');
const operations = new Operations('postgresql');
const begun = new WeakMap<Query, number>();

const begin = part.guarded((query: Query) => void begun.set(query, now()));
const end = part.guarded((query: Query, outcome: Outcome) => {
  const start = begun.get(query);
  if (start === undefined) return;
  begun.delete(query);
  operations.ended(sqlVerb(query.text), outcome, now() - start);
});

onLoaded(part, {
  library: 'pg',
  file: 'lib/query.js',
  majors: [8],
  change(exported) {
    const { prototype } = exported as { readonly prototype: unknown };
    replace<HandleError>(
      prototype,
      'handleError',
      (handleError) =>
        function (error, connection) {
          end(this, 'failure');
          return handleError.call(this, error, connection);
        },
    );
    replace<HandleReady>(
      prototype,
      'handleReadyForQuery',
      (handleReady) =>
        function (connection) {
          end(this, this._canceledDueToError ? 'failure' : 'success');
          return handleReady.call(this, connection);
        },
    );
    replace<Submit>(
      prototype,
      'submit',
      (submit) =>
        function (connection) {
          begin(this);
          return submit.call(this, connection);
        },
    );
  },
});

/** Records nothing more of `pg`. */
export const stopPg: () => void = part.stop;
