import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StatsdClient } from '../../src/index.js';
import { useCleanup, useClients, useDirectories } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';

/** A queue of three and two pools of four together, as a module of an app has them. */
const MODULE = `
const statsd = globalThis.reloadedStatsd;
const queue = [1, 2, 3];
statsd.gauge('queue', () => queue.length);
class Pool {
  constructor(size) {
    this.size = size;
    statsd.gauge('pool', () => this.size, { tags: { db: 'main' } });
  }
}
for (const size of [1, 3]) new Pool(size);
`;

describe('a gauge callback of a module that is evaluated again', () => {
  const makeClient = useClients();
  const directories = useDirectories();
  const later = useCleanup();

  function provide(): ReturnType<typeof makeClient> {
    const recorded = makeClient();
    const shared = globalThis as { reloadedStatsd?: StatsdClient };
    shared.reloadedStatsd = recorded.statsd;
    later(() => delete shared.reloadedStatsd);
    return recorded;
  }

  it('takes the place of its old self, by require', async () => {
    const recorded = provide();
    const file = path.join(directories(), 'app.cjs');
    const require = createRequire(file);
    for (let times = 1; times <= 6; times++) {
      // A hot reload comes with a change: the lines aren't where they were.
      writeFileSync(file, `'use strict';${'\n'.repeat(times)}${MODULE}`);
      delete require.cache[file];
      require(file);
    }
    expect(await recorded.counts()).to.deep.equal({ 'gauge queue': 3, 'gauge pool main': 4 });
  });

  it('takes the place of its old self, by import', async () => {
    const recorded = provide();
    const file = path.join(directories(), 'app.mjs');
    writeFileSync(file, MODULE);
    for (let times = 1; times <= 6; times++) await import(`${pathToFileURL(file).href}?time=${times}`);
    expect(await recorded.counts()).to.deep.equal({ 'gauge queue': 3, 'gauge pool main': 4 });
  });

  it('adds to those of other modules', async () => {
    const recorded = provide();
    const directory = directories();
    const require = createRequire(path.join(directory, 'main.cjs'));
    for (const name of ['a.cjs', 'b.cjs', 'c.cjs']) {
      const file = path.join(directory, name);
      writeFileSync(file, MODULE);
      require(file);
    }
    expect(await recorded.counts()).to.deep.equal({ 'gauge queue': 9, 'gauge pool main': 12 });
  });

  it('makes room for its new self', async () => {
    const recorded = provide();
    const file = path.join(directories(), 'app.cjs');
    const require = createRequire(file);
    writeFileSync(file, MODULE);
    recorded.statsd.configure({ maxMetrics: 3 });
    for (let times = 1; times <= 3; times++) {
      delete require.cache[file];
      require(file);
    }
    expect(await recorded.counts()).to.deep.equal({ 'gauge queue': 3, 'gauge pool main': 4 });
    expect(recorded.statsd.stats().rejected).to.equal(0);
  });

  it('is known also where a library writes the stacks of errors, and that library goes on', async () => {
    const recorded = provide();
    const { prepareStackTrace, stackTraceLimit } = Error;
    later(() => Object.assign(Error, { prepareStackTrace, stackTraceLimit }));
    const written = (): string => 'at original.ts:1:1';
    Object.assign(Error, { prepareStackTrace: written, stackTraceLimit: 0 });
    const file = path.join(directories(), 'app.cjs');
    const require = createRequire(file);
    writeFileSync(file, MODULE);
    for (let times = 1; times <= 3; times++) {
      delete require.cache[file];
      require(file);
    }
    expect([Error.prepareStackTrace, Error.stackTraceLimit]).to.deep.equal([written, 0]);
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
    expect(await recorded.counts()).to.deep.equal({ 'gauge queue': 3, 'gauge pool main': 4 });
  });
});
