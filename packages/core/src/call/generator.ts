import { types } from 'node:util';
import { type Method as Step, methodOf } from './method.js';
import { derived, isPlainPromise } from './promise.js';
import { shadow } from './shadow.js';
import type { Followed, Outcome, Watch } from './watch.js';

/** The part that generators and async generators have in common. */
export interface GeneratorLike {
  readonly next: Step;
  readonly return: Step;
  readonly throw: Step;
}

/** Whether a value is a generator or an async one. Its methods decide, because a compiler may have made it from something else. */
export function isGenerator(value: object): value is GeneratorLike {
  if (types.isGeneratorObject(value)) return true;
  if (methodOf(value, 'next') === undefined) return false;
  if (methodOf(value, 'return') === undefined || methodOf(value, 'throw') === undefined) return false;
  return Symbol.iterator in value || Symbol.asyncIterator in value;
}

/**
 * Listens in on a generator: a run begins with the first `next`, and ends when the generator is done or throws. `return`
 * cancels a run. A generator that ends before its first `next` has no run.
 *
 * @throws TypeError if it can't be given methods of its own.
 */
export function followGenerator<Run>(
  generator: GeneratorLike,
  deferred: Run,
  watch: Watch<Run>,
): Followed<Run> {
  const { next, return: finish, throw: fail } = generator;
  let state: 'waiting' | 'running' | 'ended' = 'waiting';
  let done: Outcome = 'success';
  let run = deferred;

  const end = (outcome: Outcome, value: unknown): void => {
    if (state === 'running') watch.end(run, outcome, value);
    state = 'ended';
  };
  const look = (result: unknown): void => {
    const step = (result ?? {}) as Partial<IteratorResult<unknown>>;
    if (step.done === true) end(done, step.value);
  };
  /** Takes a step and looks at its result: at once, or for an async generator when its promise is settled. */
  const take = (step: Step, self: unknown, args: never[]): unknown => {
    let result: unknown;
    try {
      const call = (): unknown => Reflect.apply(step, self, args as never);
      result = watch.within === undefined ? call() : watch.within(run, call);
    } catch (error) {
      end('failure', error);
      throw error;
    }
    if (typeof result === 'object' && result !== null && isPlainPromise(result)) {
      return derived(result, look, (error) => end('failure', error));
    }
    look(result);
    return result;
  };

  shadow(generator, 'next', function (...args) {
    if (state === 'waiting') {
      state = 'running';
      run = watch.again(deferred);
    }
    return take(next, this, args);
  });
  shadow(generator, 'throw', function (...args) {
    return take(fail, this, args);
  });
  shadow(generator, 'return', function (...args) {
    done = 'cancelled';
    return take(finish, this, args);
  });
  watch.end(deferred, 'deferred', undefined);
  return { standIn: generator, join: (another) => watch.end(another, 'deferred', undefined) };
}
