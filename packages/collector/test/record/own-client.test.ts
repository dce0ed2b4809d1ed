import { MemoryTransport } from '@afstatsd/core';
import { useCleanup } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ownClient } from '../../src/record/own-client.js';

/** What an app on the same machine may be configured by. */
const VARIABLES = { AFSTATSD_DISABLED: '1', AFSTATSD_PREFIX: 'app', AFSTATSD_RUNTIME: '1' };

describe('the client of an output', () => {
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
    const client = ownClient({ transport, interval: Infinity, maxMetrics: 10, logger: { warn: () => {} } });
    later(() => client.shutdown());
    client.ingest({ type: 'counter', name: 'hits', value: 3, rate: 1 });
    await client.flush();
    expect(transport.metrics.map(({ name }) => name)).to.deep.equal(['hits']);
  });
});
