import {
  COLLECTD,
  ETSY,
  NETDATA,
  type Reading,
  describeServer,
  eventually,
  itLong,
  useClients,
} from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type StatsdClient, UDPTransport } from '../../src/index.js';
import { flushTo } from '../support/flush-to.js';

const METRICS = 50_000;

function record(statsd: StatsdClient): void {
  for (let i = 0; i < METRICS; i++) statsd.updateStats(`bulk.${i}`, i % 10);
}

function expectAll({ counters }: Reading): void {
  const bulk = [...counters].filter(([name]) => name.startsWith('bulk.'));
  const wrong = bulk.filter(([name, value]) => value !== Number(name.slice(5)) % 10);
  expect(bulk, 'metrics that arrived').to.have.lengthOf(METRICS);
  expect(wrong).to.deep.equal([]);
}

describe('50,000 metrics in one flush, with a default receive buffer,', () => {
  const makeClient = useClients();
  const clientOf = (port: number): StatsdClient =>
    makeClient({ transport: new UDPTransport({ port }), maxMetrics: METRICS + 100 }).statsd;

  describeServer(ETSY, "at etsy's statsd,", (start) => {
    it('arrive complete', async () => {
      const server = await start();
      const statsd = clientOf(server.port);
      record(statsd);
      expectAll(await flushTo(server, statsd));
    });
  });

  describeServer(COLLECTD, 'at collectd,', (start) => {
    itLong('arrive complete', async () => {
      const server = await start({ interval: 2 });
      const statsd = clientOf(server.port);
      record(statsd);
      await flushTo(server, clientOf(server.port));
      // It doesn't read while it hands over the 50,000 values of an interval: not the transport's business.
      await server.intervalBegins();
      expectAll(await flushTo(server, statsd));
    });
  });

  describeServer(NETDATA, 'at netdata,', (start) => {
    it('arrive complete', async () => {
      const server = await start();
      const before = (await server.lines()).get('counters')!;
      const statsd = clientOf(server.port);
      record(statsd);
      await statsd.flush({ timeout: 60_000 });
      await eventually(async () => {
        const lines = await server.lines();
        expect(lines.get('counters')! - before).to.equal(METRICS);
        expect(lines.get('errors')! + lines.get('unknown')!).to.equal(0);
      });
    });
  });
});
