import { type AsyncFunc, describe, it } from 'mocha';
import { useCleanup } from '../cleanup.js';
import { itLong } from '../long.js';
import { describeWith } from '../requirements.js';
import { COLLECTD } from './collectd.js';
import { ETSY } from './etsy.js';
import { NETDATA } from './netdata.js';
import type { ServerKind, StatsdServer } from './statsd-server.js';

type Start<Options, Server extends StatsdServer> = (options?: Options) => Promise<Server>;

/** To be called in a `describe`. @returns what starts such a server; it has ended after the test. */
export function useServer<Options, Server extends StatsdServer>(
  kind: ServerKind<Options, Server>,
): Start<Options, Server> {
  const later = useCleanup();
  return (options) => kind.start(later, options);
}

/** The tests of one server; they are skipped where it isn't installed. */
export function describeServer<Options, Server extends StatsdServer>(
  kind: ServerKind<Options, Server>,
  title: string,
  tests: (start: Start<Options, Server>) => void,
): void {
  const suite = (): void => tests(useServer(kind));
  if (kind.needs === undefined) describe(title, suite);
  else describeWith(kind.needs, title, suite);
}

/**
 * The same tests for each real server. Those that are defined with the second argument, in the place of `it`, run with etsy's
 * statsd only in the short form.
 */
export function describeEachServer(
  title: string,
  tests: (start: () => Promise<StatsdServer>, itAtEach: (title: string, test: AsyncFunc) => void) => void,
): void {
  describeServer(ETSY, `${ETSY.name} ${title}`, (start) => tests(start, it));
  for (const kind of [COLLECTD, NETDATA]) {
    describeServer<never, StatsdServer>(kind, `${kind.name} ${title}`, (start) => tests(start, itLong));
  }
}
