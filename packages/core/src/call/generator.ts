import { derived, isPlainPromise } from './promise.js';
import { shadow } from './shadow.js';
import type { Outcome, Watch } from './watch.js';

type Step = (this: unknown, ...args: never) => unknown;

/** What generators and async generators have in common. */
export interface GeneratorLike {
  readonly next: Step;
  readonly return: Step;
  readonly throw: Step;
}

/** Whether a value is a generator or an async one: by its methods, since a compiler may have made it from something else. */
export function isGenerator(value: object): value is GeneratorLike {
  const { next, return: end, throw: fail } = value as Partial<GeneratorLike>;
  if (typeof next !== 'function' || typeof end !== 'function' || typeof fail !== 'function') return false;
  return Symbol.iterator in value || Symbol.asyncIterator in value;
}

/**
 * Listens in on a generator: a run begins with the first `next`, and ends when the generator is done or throws. One that
 * is ended by `return` was cancelled, or never ran at all.
 *
 * @throws TypeError if it is frozen; nothing is changed then.
 */
export function followGenerator<Run>(generator: GeneratorLike, deferred: Run, watch: Watch<Run>): void {
  const { next, return: finish, throw: fail } = generator;
  let state: 'waiting' | 'running' | 'ended' = 'waiting';
  let run = deferred;

  const begin = (): void => {
    if (state !== 'waiting') return;
    state = 'running';
    run = watch.again(deferred);
  };
  const end = (outcome: Outcome, value: unknown): void => {
    if (state === 'running') watch.end(run, outcome, value);
    state = 'ended';
  };
  const look = (result: unknown, outcome: Outcome): void => {
    const { done, value } = (result ?? {}) as Partial<IteratorResult<unknown>>;
    if (done === true) end(outcome, value);
  };
  /** Takes a step, and looks at what it gives: at once or, of an async generator, when it is there. */
  const take = (step: Step, self: unknown, args: never[], outcome: Outcome): unknown => {
    let result: unknown;
    try {
      result = Reflect.apply(step, self, args as never);
    } catch (error) {
      end('failure', error);
      throw error;
    }
    if (typeof result === 'object' && result !== null && isPlainPromise(result)) {
      return derived(
        result,
        (value) => look(value, outcome),
        (error) => end('failure', error),
      );
    }
    look(result, outcome);
    return result;
  };

  shadow(generator, 'next', function (...args) {
    begin();
    return take(next, this, args, 'success');
  });
  shadow(generator, 'throw', function (...args) {
    begin();
    return take(fail, this, args, 'success');
  });
  shadow(generator, 'return', function (...args) {
    return take(finish, this, args, 'cancelled');
  });
}
