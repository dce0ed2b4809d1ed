import { StatsdClient } from './statsd.js';

/**
 * Where the shared client is kept. The number is the major version of the surface that copies of this package share,
 * which only grows within it; so two copies, also of different minor versions, find the same client.
 */
const KEY = Symbol.for('@afstatsd/core@1');

type Shared = { [KEY]?: StatsdClient };

/** The shared client of this process or, in a worker thread, of this thread. Making it has no effect until it is used. */
export function sharedStatsd(): StatsdClient {
  const shared = globalThis as Shared;
  if (shared[KEY] === undefined) Object.defineProperty(shared, KEY, { value: new StatsdClient() });
  return shared[KEY]!;
}
