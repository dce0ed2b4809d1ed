import { StatsdClient } from './statsd.js';

/**
 * The property of `globalThis` that holds the shared client. The number is the major version of the client's surface. Within a
 * major version the surface only grows, so copies of this package of different minor versions share one client.
 */
const KEY = Symbol.for('@afstatsd/core@1');

type Shared = { [KEY]?: StatsdClient };

/** The shared client of this process or, in a worker thread, of this thread. Making it has no effect until it is used. */
export function sharedStatsd(): StatsdClient {
  const shared = globalThis as Shared;
  if (shared[KEY] === undefined) Object.defineProperty(shared, KEY, { value: new StatsdClient() });
  return shared[KEY]!;
}
