import {
  COLLECTD,
  ETSY,
  NETDATA,
  type StatsdServer,
  describeEachServer,
  describeServer,
  eventually,
  useClients,
  usePrograms,
} from '@afstatsd/testing';
import { expect } from 'chai';
import { it } from 'mocha';
import { UDPTransport, type UDPTransportOptions } from '../../src/index.js';
import { flushTo } from '../support/flush-to.js';
import { programFile } from '../support/program-file.js';

describeEachServer('reads', (start, itAtEach) => {
  const makeClient = useClients();
  const programs = usePrograms();

  it('sums of counters that go up and down, over several flushes', async () => {
    const server = await start();
    // netdata cuts fractions off; the others could have decimals.
    const { statsd } = makeClient({
      transport: new UDPTransport({ port: server.port, wholeCounters: true }),
    });
    for (const delta of [5, -12, 1_000_000, 0.4, 0.4, 0.4]) {
      statsd.updateStats('ups.and.downs', delta);
      statsd.decrement('downs');
      await statsd.flush();
    }
    const { counters } = await flushTo(server, statsd);
    expect(counters.get('ups.and.downs')).to.equal(999_994); // and 0.2 to come
    expect(counters.get('downs')).to.equal(-6);
    expect(statsd.stats()).to.deep.include({
      pending: 0,
      dropped: { cardinality: 0, ended: 0, oversize: 0 },
    });
  });

  itAtEach('gauges that are negative, fractional, and set again', async () => {
    const server = await start();
    const { statsd } = makeClient({ transport: new UDPTransport({ port: server.port }) });
    for (const factor of [1, -1, 2]) {
      statsd.gauge('to.minus', -3.25 * factor);
      statsd.gauge('to.minus.again', -7 - factor);
      statsd.gauge('fraction', 0.125 * factor);
      await statsd.flush();
    }
    const { gauges } = await flushTo(server, statsd);
    expect(gauges.get('to.minus')).to.equal(-6.5);
    expect(gauges.get('to.minus.again')).to.equal(-9);
    expect(gauges.get('fraction')).to.equal(0.25);
  });

  itAtEach('each value of a timer', async () => {
    const server = await start();
    const { statsd } = makeClient({ transport: new UDPTransport({ port: server.port }) });
    for (let ms = 1; ms <= 60; ms++) statsd.timing('job.wait', ms); // in one datagram; collectd cuts fractions off
    await statsd.flush();
    await eventually(async () => {
      const timer = (await server.read()).timers.get('job.wait');
      expect(timer?.count).to.equal(60);
      expect(timer?.sum).to.be.closeTo(1830, 0.1);
    });
  });

  itAtEach('how many members a set has', async () => {
    const server = await start();
    const { statsd } = makeClient({ transport: new UDPTransport({ port: server.port }) });
    for (const member of ['ann', 'bob', 'ann', 'zoë', 'a:b|c@d,e', 7]) statsd.set('users', member);
    await statsd.flush();
    await eventually(async () => expect((await server.read()).sets.get('users')).to.equal(5));
  });

  itAtEach('whatever a name contains, under the safe name that is documented', async () => {
    const server = await start();
    const { statsd } = makeClient({ transport: new UDPTransport({ port: server.port }), prefix: 'shop' });
    const names = {
      'plain.name-1_x': 'shop.plain.name-1_x',
      'a::b': 'shop.a.b',
      'c:d|e@f': 'shop.c_d_e_f',
      'line\nbreak\r\0tab\t': 'shop.line_break__tab_',
      'path/to/it': 'shop.path-to-it',
      'sp ace "q" \\ #k,l;m=n': 'shop.sp_ace__q_____k_l_m_n',
      'naïve.日本.😀': 'shop.na_ve.__._',
      'half\uD800pair': 'shop.half_pair',
      [`long.${'x'.repeat(100)}`]: `shop.long.${'x'.repeat(100)}`,
    };
    let value = 0;
    for (const name of Object.keys(names)) statsd.updateStats(name, ++value);
    const { counters } = await flushTo(server, statsd);
    const arrived = [...counters].filter(([name]) => name.startsWith('shop.') && !name.includes('mark'));
    const expected = Object.values(names).map((name, at): [string, number] => [name, at + 1]);
    expect(Object.fromEntries(arrived)).to.deep.equal(Object.fromEntries(expected));
  });

  itAtEach('one metric from two processes that write its tags in different orders', async () => {
    const server = await start();
    const env = { AFSTATSD_URL: `udp://127.0.0.1:${server.port}`, AFSTATSD_TAGS: 'zone:eu/1,app:shop' };
    const running = ['method,status,path', 'path,status,method'].map((order) =>
      programs.node([programFile('udp'), JSON.stringify({ way: 'records tags', order })], { env }),
    );
    for (const program of running) expect(await program.ended()).to.include({ code: 0, stderr: '' });
    await eventually(async () => {
      const { counters } = await server.read();
      const hits = [...counters].filter(([name]) => name.startsWith('hits'));
      expect(hits).to.deep.equal([['hits.GET.a-b-c.200.shop.eu-1', 2]]);
    });
  });
});

/** What a server has counted of 145 times 0.01 and ten times 0.4, flushed now and then, once the client has ended. */
async function fractions(
  server: StatsdServer,
  makeClient: ReturnType<typeof useClients>,
  options: UDPTransportOptions = {},
): Promise<[number, number]> {
  const { statsd } = makeClient({ transport: new UDPTransport({ port: server.port, ...options }) });
  for (let i = 0; i < 145; i++) {
    statsd.updateStats('cost', 0.01);
    if (i % 50 === 49) await statsd.flush();
  }
  for (let i = 0; i < 10; i++) {
    statsd.updateStats('share', 0.4);
    await statsd.flush();
  }
  await statsd.shutdown();
  const other = makeClient({ transport: new UDPTransport({ port: server.port }) });
  const { counters } = await flushTo(server, other.statsd);
  return [counters.get('cost') ?? 0, counters.get('share') ?? 0];
}

describeServer(ETSY, "fractions of counters, in total, at etsy's statsd", (start) => {
  const makeClient = useClients();

  it('are what was recorded', async () => {
    const [cost, share] = await fractions(await start(), makeClient);
    expect(cost).to.be.closeTo(1.45, 1e-9);
    expect(share).to.be.closeTo(4, 1e-9);
  });
});

describeServer(COLLECTD, 'fractions of counters, in total, at collectd', (start) => {
  const makeClient = useClients();

  it('are what was recorded, but for the fraction that it keeps until it is a whole one', async () => {
    expect(await fractions(await start(), makeClient)).to.deep.equal([1, 4]);
  });
});

describeServer(NETDATA, 'fractions of counters, in total, at netdata', (start) => {
  const makeClient = useClients();

  it('are what was recorded, but for the last fraction, with wholeCounters', async () => {
    expect(await fractions(await start(), makeClient, { wholeCounters: true })).to.deep.equal([1, 4]);
  });
});
