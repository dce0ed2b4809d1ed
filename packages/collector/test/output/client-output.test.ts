import { MemoryTransport } from '@afstatsd/core';
import { useCleanup } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Log } from '../../src/log.js';
import { ClientOutput } from '../../src/output/client-output.js';

/** What an app on the same machine may be configured by. */
const VARIABLES = { AFSTATSD_DISABLED: '1', AFSTATSD_PREFIX: 'app', AFSTATSD_RUNTIME: '1' };

describe('an output that is a client of core', () => {
  const later = useCleanup();

  it('passes on what came in, and nothing else, whatever the variables for apps say', async () => {
    for (const [name, value] of Object.entries(VARIABLES)) {
      const before = process.env[name];
      process.env[name] = value;
      later(() => {
        if (before === undefined) delete process.env[name];
        else process.env[name] = before;
      });
    }
    const transport = new MemoryTransport();
    const log = new Log(() => {});
    const output = new ClientOutput({ name: 'memory', transport, interval: 1e9, maxMetrics: 10, log });
    later(() => output.close(0));
    output.ingest({ type: 'counter', name: 'hits', value: 3, rate: 1 });
    await output.flush(1000);
    expect(transport.metrics.map(({ name }) => name)).to.deep.equal(['hits']);
  });
});
