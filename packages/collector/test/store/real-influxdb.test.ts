import { type InfluxDB, describeWith, eventually, useInfluxDB } from '@afstatsd/testing';
import { expect } from 'chai';
import { it } from 'mocha';
import { useCollectorOnUdp } from '../support/on-udp.js';
import { sendDatagrams } from '../support/send-datagrams.js';

const SECRET = 'se,cr=et%1';

describeWith('influxdb', 'InfluxDB behind --influx', () => {
  const startServer = useInfluxDB();
  const startCollector = useCollectorOnUdp();
  const startWithHeaders = useCollectorOnUdp({
    SHOP_HEADERS: `Authorization=Basic%20${encodeURIComponent(Buffer.from(`ann:${SECRET}`).toString('base64'))}`,
  });
  const args = (url: string): string[] => [
    '--influx',
    url,
    '--influx-interval',
    '1s',
    '--global-tag',
    'host=web1',
  ];

  async function value(server: InfluxDB, select: string, user = ''): Promise<unknown> {
    const [row] = await server.query(`SELECT ${select}`, { db: 'shop', user });
    const { time: _, ...values } = row ?? {};
    return values;
  }

  it('has what was recorded, also after the collector was started again', async () => {
    const server = await startServer();
    await server.query('CREATE DATABASE shop');
    const lines = [
      'hits:3|c|#route:GET /a\\ b=c,solo',
      'login:10:20:30|ms\nlogin:1|c\nlogin:5|g', // three kinds under one name
      'users:ann|s\nusers:bob|s',
      'level:7|g\nlevel:-4|g|T1\nparts:0.25|c',
    ];
    for (let round = 1; round <= 2; round++) {
      const collector = await startCollector(...args(`${server.url}/write?db=shop`));
      await sendDatagrams(collector.port, lines);
      await eventually(async () => {
        expect(await value(server, `sum(value) AS sum FROM hits`)).to.deep.equal({ sum: 4 * round - 1 });
      });
      await sendDatagrams(collector.port, ['hits:1|c|#route:GET /a\\ b=c,solo']);
      await collector.stop();
    }
    expect(await value(server, 'sum(value) AS sum FROM hits')).to.deep.equal({ sum: 8 });
    const tags = await server.query('SHOW TAG VALUES FROM hits WITH KEY IN (host, route, solo)', {
      db: 'shop',
    });
    expect(tags).to.have.deep.members([
      { key: 'host', value: 'web1' },
      { key: 'route', value: 'GET /a_ b=c' },
      { key: 'solo', value: '_' },
    ]);
    expect(
      await value(
        server,
        'sum(count) AS count, sum(sum) AS sum, max("90_percentile") AS p FROM login WHERE metric_type = \'timing\'',
      ),
    ).to.deep.equal({ count: 6, sum: 120, p: 30 });
    expect(await value(server, "sum(value) AS sum FROM login WHERE metric_type = 'counter'")).to.deep.equal({
      sum: 2,
    });
    expect(await value(server, "last(value) AS last FROM login WHERE metric_type = 'gauge'")).to.deep.equal({
      last: 5,
    });
    expect(await value(server, 'max(value) AS max FROM "users"')).to.deep.equal({ max: 2 });
    expect(await value(server, 'last(value) AS last FROM level')).to.deep.equal({ last: 7 });
    expect(await value(server, 'sum(value) AS sum FROM parts')).to.deep.equal({ sum: 0.5 });
  });

  it('gets what came before its database was there, with credentials that nobody sees', async () => {
    const server = await startServer({ asksForUsers: true });
    const collector = await startWithHeaders(...args(`${server.url}/write?db=shop#headers=SHOP_HEADERS`));
    await sendDatagrams(collector.port, ['hits:3|c']);
    await collector.program.printed('fails: HTTP status 40');
    const user = `ann:${SECRET}`;
    await server.query(`CREATE USER ann WITH PASSWORD '${SECRET}' WITH ALL PRIVILEGES`);
    await server.query('CREATE DATABASE shop', { user });
    await collector.program.printed('works again');
    await sendDatagrams(collector.port, ['hits:4|c']);
    await collector.stop();
    expect(await value(server, 'sum(value) AS sum FROM hits', user)).to.deep.equal({ sum: 7 });
    const said = collector.program.stderr + collector.program.stdout;
    expect(said).to.include(`influx ${server.url}/write?db=shop fails`);
    for (const secret of [SECRET, Buffer.from(user).toString('base64'), 'Basic'])
      expect(said).not.to.include(secret);
  });

  it('gets what was recorded while it was away, with the time at which it was', async () => {
    const server = await startServer();
    await server.query('CREATE DATABASE shop');
    const collector = await startCollector(...args(`${server.url}/write?db=shop`));
    await server.stop();
    await sendDatagrams(collector.port, ['hits:3|c']);
    await collector.program.printed('ECONNREFUSED');
    const before = Math.floor(Date.now() / 1000);
    await server.start();
    await collector.program.printed('works again');
    await collector.stop();
    const rows = await server.query('SELECT value FROM hits', { db: 'shop' });
    expect(rows).to.have.length(1);
    expect(rows[0]!['value']).to.equal(3);
    expect(rows[0]!['time']).to.be.at.most(before);
    const own = await server.query('SELECT sum(value) AS errors FROM "afstatsd.collector.output_errors"', {
      db: 'shop',
    });
    expect(own[0]!['errors']).to.be.above(0);
  });
});
