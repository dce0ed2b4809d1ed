import { Settling } from './settling.js';
import { shadow } from './shadow.js';
import type { Followed, Watch } from './watch.js';

type Then = (...args: never) => unknown;

/**
 * Listens in on a thenable that is no plain promise. `then` isn't called here, because it may start the work. The object gets an
 * own `then` instead: runs begin at its first call, and end when its reader gets the result.
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
    // `again` counts the run, but the old run is kept: its clock began at the call, as the work of most thenables does.
    this.#watch.again(run);
    settling.join(run);
  }
}

/** A reaction that reports the end first. Some thenables pass more than one value. */
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
