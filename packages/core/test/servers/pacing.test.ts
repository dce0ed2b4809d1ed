import {
  collectd,
  describeServer,
  eventually,
  netdata,
  type Reading,
  startCollectd,
  startEtsy,
  startNetdata,
} from '@afstatsd/test-servers';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { StatsdClient, UDPTransport } from '../../src/index.js';
import { makeClient } from '../support/make-client.js';
import { flushTo } from './support/arrive.js';

const METRICS = 50_000;

function recordAll(port: number): StatsdClient {
  const { statsd } = makeClient({ transport: new UDPTransport({ port }), maxMetrics: METRICS + 100 });
  for (let i = 0; i < METRICS; i++) statsd.updateStats(`bulk.${i}`, i % 10);
  return statsd;
}

function expectAll({ counters }: Reading): void {
  const bulk = [...counters].filter(([name]) => name.startsWith('bulk.'));
  const wrong = bulk.filter(([name, value]) => value !== Number(name.slice(5)) % 10);
  expect(bulk, 'metrics that arrived').to.have.lengthOf(METRICS);
  expect(wrong).to.deep.equal([]);
}

describe("50,000 metrics in one flush, with a default receive buffer, at etsy's statsd,", function () {
  this.timeout(60_000);

  it('arrive complete', async () => {
    const server = await startEtsy();
    expectAll(await flushTo(server, recordAll(server.port)));
  });
});

describeServer(
  '50,000 metrics in one flush, with a default receive buffer, at collectd,',
  collectd,
  'collectd-core',
  () => {
    it('arrive complete', async () => {
      const server = await startCollectd({ interval: 2 });
      const statsd = recordAll(server.port);
      await flushTo(server, makeClient({ transport: new UDPTransport({ port: server.port }) }).statsd);
      // It doesn't read while it hands over the 50,000 values of an interval: not the transport's business.
      await server.intervalBegins();
      expectAll(await flushTo(server, statsd));
    });
  },
);

describeServer(
  '50,000 metrics in one flush, with a default receive buffer, at netdata,',
  netdata,
  'netdata-core',
  () => {
    it('arrive complete', async () => {
      const server = await startNetdata();
      const before = (await server.lines()).get('counters')!;
      const statsd = recordAll(server.port);
      await statsd.flush({ timeout: 30_000 });
      await eventually(async () => {
        const lines = await server.lines();
        expect(lines.get('counters')! - before).to.equal(METRICS);
        expect(lines.get('errors')! + lines.get('unknown')!).to.equal(0);
      });
    });
  },
);
