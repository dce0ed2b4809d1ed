import type { AsyncLocalStorage } from 'node:async_hooks';
import { loadAsyncHooks } from '../host/builtin.js';

/**
 * What is kept for one request. Each part of this project keeps its own under a key of its own, an object, such as the pipeline of
 * a client.
 */
export type RequestScope = Map<object, unknown>;

/**
 * Where the process keeps its storage: on Node's own class, which is the same one for several copies of this package, and for each
 * test file of Jest's. The number is the version of what is kept there.
 */
const KEY = Symbol.for('@afstatsd/request@1');

type Place = typeof AsyncLocalStorage & { [KEY]?: AsyncLocalStorage<RequestScope> };

/** Undefined until there is one, here or in another copy. */
let known: AsyncLocalStorage<RequestScope> | undefined;

function storage(): AsyncLocalStorage<RequestScope> {
  if (known !== undefined) return known;
  const place = loadAsyncHooks().AsyncLocalStorage as Place;
  known = place[KEY] ??= new place<RequestScope>();
  return known;
}

/** The request that the code under way belongs to. Node.js follows nothing, and nothing slows down, before the first `run`. */
export const requestScope = {
  /** The scope of the request, also after each `await` and in each callback of its work; undefined outside of one. */
  current(): RequestScope | undefined {
    return (known ?? storage()).getStore();
  },

  /**
   * Calls `fn` within a request.
   *
   * @param scope - what `current` gives there.
   * @returns what `fn` returns.
   */
  run<T>(scope: RequestScope, fn: () => T): T {
    return storage().run(scope, fn);
  },

  /** A scope that has what that of the request under way has, by now, and may get more without changing that. */
  inner(): RequestScope {
    return new Map(this.current());
  },
};
