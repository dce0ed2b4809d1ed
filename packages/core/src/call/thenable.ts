import { Settling } from './settling.js';
import { shadow } from './shadow.js';
import type { Followed, Watch } from './watch.js';

type Then = (...args: never) => unknown;

/**
 * Listens in on a thenable that is no plain promise. Calling `then` may start its work, so it is not called here: the object
 * gets a `then` of its own. Its runs are under way from the first call of that, and end when the reader is told.
 *
 * @throws TypeError if the object can't be given one.
 */
export class FollowedThenable<Run> implements Followed<Run> {
  readonly standIn: object;
  readonly #watch: Watch<Run>;
  readonly #deferred: Run[] = [];
  #settling: Settling<Run> | undefined;

  constructor(thenable: object, then: Then, run: Run, watch: Watch<Run>) {
    this.standIn = thenable;
    this.#watch = watch;
    const begin = (): Settling<Run> => this.#begin();
    shadow(
      thenable,
      'then',
      function (onFulfilled: unknown, onRejected: unknown, ...more: unknown[]): unknown {
        const settling = begin();
        const fulfilled = listening(onFulfilled, (value) => settling.settle('success', value), returned);
        const rejected = listening(onRejected, (error) => settling.settle('failure', error), thrown);
        const call = (): unknown => Reflect.apply(then, this, [fulfilled, rejected, ...more] as never);
        try {
          return watch.within === undefined ? call() : watch.within(run, call);
        } catch (error) {
          settling.settle('failure', error);
          throw error;
        }
      },
    );
    this.join(run);
  }

  join(run: Run): void {
    this.#watch.end(run, 'deferred', undefined);
    if (this.#settling === undefined) this.#deferred.push(run);
    else this.#resume(this.#settling, run);
  }

  #begin(): Settling<Run> {
    if (this.#settling === undefined) {
      this.#settling = new Settling(this.standIn, [], this.#watch);
      for (const run of this.#deferred.splice(0)) this.#resume(this.#settling, run);
    }
    return this.#settling;
  }

  #resume(settling: Settling<Run>, run: Run): void {
    // The run that this begins is dropped for the old one, whose clock has run since the call: most thenables have, too.
    this.#watch.again(run);
    settling.join(run);
  }
}

/** A reaction that tells of the end first. Some pass more than one value. */
function listening(
  reaction: unknown,
  tell: (value: unknown) => void,
  otherwise: (value: unknown) => unknown,
): (...values: unknown[]) => unknown {
  return function (this: unknown, ...values) {
    tell(values[0]);
    return typeof reaction === 'function' ? Reflect.apply(reaction, this, values) : otherwise(values[0]);
  };
}

const returned = (value: unknown): unknown => value;
const thrown = (error: unknown): never => {
  throw error;
};
