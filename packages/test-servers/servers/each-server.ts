import { describe, it } from 'mocha';
import { collectd, startCollectd } from './collectd.js';
import { startEtsy } from './etsy.js';
import { netdata, startNetdata } from './netdata.js';
import type { StatsdServer } from './statsd-server.js';

interface Kind {
  readonly name: string;
  /** The Debian package that it needs, if it isn't installed. */
  readonly missing: string | undefined;
  readonly start: () => Promise<StatsdServer>;
}

const KINDS: readonly Kind[] = [
  { name: "etsy's statsd", missing: undefined, start: startEtsy },
  { name: 'collectd', missing: collectd === undefined ? 'collectd-core' : undefined, start: startCollectd },
  { name: 'netdata', missing: netdata === undefined ? 'netdata-core' : undefined, start: startNetdata },
];

/** The same tests for each real server; where one isn't installed, a skipped test says how to get it. */
export function describeEachServer(title: string, tests: (start: () => Promise<StatsdServer>) => void): void {
  for (const { name, missing, start } of KINDS) {
    describe(`${name} ${title}`, function () {
      this.timeout(60_000);
      if (missing === undefined) tests(start);
      else it.skip(`(not installed: apt-get install -y --no-install-recommends ${missing})`);
    });
  }
}

/** The tests of one server; where it isn't installed, a skipped test says how to get it. */
export function describeServer(
  title: string,
  command: string | undefined,
  debianPackage: string,
  tests: () => void,
): void {
  describe(title, function () {
    this.timeout(60_000);
    if (command !== undefined) tests();
    else it.skip(`(not installed: apt-get install -y --no-install-recommends ${debianPackage})`);
  });
}
