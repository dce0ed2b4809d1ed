import { disguise, follow } from '@afstatsd/core/instrument';
import { addEntry } from './entries.js';
import type { AnyFunction } from './member.js';
import type { MemberWatch } from './member-watch.js';

/** A method or getter function that does what `fn` does, and tells the watch of each call. */
export function instrumentMember<Run>(fn: AnyFunction, watch: MemberWatch<Run>): AnyFunction {
  // A method, and so nothing that can be called with `new`.
  const { wrapper } = {
    wrapper(this: unknown): unknown {
      const run = watch.begin(this, arguments);
      let result: unknown;
      try {
        // `arguments` is handed on as it is: V8 makes no array of it then.
        result = Reflect.apply(fn, this, arguments as never);
      } catch (error) {
        watch.end(run, 'failure', error);
        throw error;
      }
      return follow(result, run, watch);
    },
  };
  disguise(wrapper, fn);
  addEntry(wrapper, fn, watch.entry);
  return wrapper;
}
