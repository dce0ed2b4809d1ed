import { types } from 'node:util';
import { disguise, follow as followResult } from '@afstatsd/core/instrument';
import { addEntry } from './entries.js';
import type { MemberWatch } from './member-watch.js';
import type { AnyFunction } from './member.js';

// Under a name of this module's own: what core re-exports is a getter, which each call would run.
const follow = followResult;

/** A method or getter function that does what `fn` does, and tells the watch of each call. */
export function instrumentMember<Run>(fn: AnyFunction, watch: MemberWatch<Run>): AnyFunction {
  const wrapper = wrapperOf(fn, watch);
  disguise(wrapper, fn);
  addEntry(wrapper, fn, watch.entry);
  return wrapper;
}

function wrapperOf<Run>(fn: AnyFunction, watch: MemberWatch<Run>): AnyFunction {
  if (!watch.needsEnd) return begun(fn, watch);
  if (watch.within !== undefined) return followedWithin(fn, watch, watch.within);
  return isAsync(fn) ? awaited(fn, watch) : followed(fn, watch);
}

/** Async generators count as async functions to Node. */
function isAsync(fn: AnyFunction): boolean {
  return types.isAsyncFunction(fn) && !types.isGeneratorFunction(fn);
}

// The wrappers are methods, and so nothing that can be called with `new`. They hand on `arguments` as it is: V8 makes no
// array of it then.

function followed<Run>(fn: AnyFunction, watch: MemberWatch<Run>): AnyFunction {
  return {
    wrapper(this: unknown): unknown {
      const run = watch.begin(this, arguments);
      let result: unknown;
      try {
        result = Reflect.apply(fn, this, arguments as never);
      } catch (error) {
        watch.end(run, 'failure', error);
        throw error;
      }
      return follow(result, run, watch);
    },
  }.wrapper;
}

/** For a watch that calls the function itself. It has a wrapper of its own, because a closure a call would slow the others down. */
function followedWithin<Run>(
  fn: AnyFunction,
  watch: MemberWatch<Run>,
  within: NonNullable<MemberWatch<Run>['within']>,
): AnyFunction {
  return {
    wrapper(this: unknown): unknown {
      const run = watch.begin(this, arguments);
      let result: unknown;
      try {
        result = within<unknown>(run, () => Reflect.apply(fn, this, arguments as never));
      } catch (error) {
        watch.end(run, 'failure', error);
        throw error;
      }
      return follow(result, run, watch);
    },
  }.wrapper;
}

/** For a native async function: its promise is always a new one with nothing of its own, so another one can stand in for it. */
function awaited<Run>(fn: AnyFunction, watch: MemberWatch<Run>): AnyFunction {
  return {
    async wrapper(this: unknown): Promise<unknown> {
      const run = watch.begin(this, arguments);
      let value: unknown;
      try {
        value = await Reflect.apply(fn, this, arguments as never);
      } catch (error) {
        watch.end(run, 'failure', error);
        throw error;
      }
      watch.end(run, 'success', value);
      return value;
    },
  }.wrapper;
}

/** For a watch that doesn't care how calls end. */
function begun<Run>(fn: AnyFunction, watch: MemberWatch<Run>): AnyFunction {
  return {
    wrapper(this: unknown): unknown {
      watch.begin(this, arguments);
      return Reflect.apply(fn, this, arguments as never);
    },
  }.wrapper;
}
