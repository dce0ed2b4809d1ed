import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeWith, eventually, useDirectories, useVictoriaStore } from '@afstatsd/testing';
import { expect } from 'chai';
import { it } from 'mocha';
import { useCollectorOnUdp } from '../support/on-udp.js';
import { sendDatagrams } from '../support/send-datagrams.js';

const LINES = [
  'hits:3|c|#route:/a b',
  'login:10:20:30|ms',
  'users:ann|s\nusers:bob|s',
  'level:7|g\nlevel:-4|g|T1',
];

describeWith('victoria-metrics', 'VictoriaMetrics', () => {
  const startServer = useVictoriaStore();
  const startCollector = useCollectorOnUdp();
  const newDirectory = useDirectories();
  const ALL = ['--graphite-interval', '1s', '--influx-interval', '1s', '--global-tag', 'host=web1'];

  it('has what was recorded behind --graphite', async () => {
    const server = await startServer();
    const collector = await startCollector('--graphite', `tcp://127.0.0.1:${server.graphitePort}`, ...ALL);
    await sendDatagrams(collector.port, LINES);
    await collector.stop();
    await eventually(async () => {
      const [hits] = await server.stored('{__name__="stats.counters.hits.count"}');
      expect(hits?.metric).to.deep.equal({
        __name__: 'stats.counters.hits.count',
        host: 'web1',
        route: '-a_b',
      });
      expect(hits?.values).to.deep.equal([3]);
      const [upper] = await server.stored('{__name__="stats.timers.login.upper_90"}');
      expect(upper?.values).to.deep.equal([30]);
      expect((await server.stored('{__name__="stats.sets.users.count"}'))[0]?.values).to.deep.equal([2]);
      expect((await server.stored('{__name__="stats.gauges.level"}'))[0]?.values.at(-1)).to.equal(7);
    });
  });

  for (const [title, path] of [
    ['', '/write?db=shop'],
    [', by the path of version 2', '/api/v2/write?org=shop&bucket=shop'],
  ] as const) {
    it(`has what was recorded behind --influx${title}`, async () => {
      const server = await startServer();
      const collector = await startCollector('--influx', server.url + path, ...ALL);
      await sendDatagrams(collector.port, LINES);
      await collector.stop();
      await eventually(async () => {
        const [hits] = await server.stored('hits_value{metric_type="counter"}');
        expect(hits?.metric).to.include({ host: 'web1', route: '/a b' });
        expect(hits?.values).to.deep.equal([3]);
        const [count] = await server.stored('login_count');
        expect(count?.values).to.deep.equal([3]);
        expect((await server.stored('login_90_percentile'))[0]?.values).to.deep.equal([30]);
        expect((await server.stored('users_value'))[0]?.values).to.deep.equal([2]);
        expect((await server.stored('level_value'))[0]?.values.at(-1)).to.equal(7);
      });
    });
  }

  it('has what was recorded behind --push, also after restarts of the collector', async () => {
    const server = await startServer();
    const url = `${server.url}/api/v1/import/prometheus`;
    const push = ['--push', url, '--push-interval', '1s', '--global-tag', 'host=web1'];
    for (let round = 1; round <= 3; round++) {
      const collector = await startCollector(...push);
      await sendDatagrams(collector.port, LINES);
      await eventually(async () => {
        const [hits] = await server.stored('hits_total');
        expect(hits?.values.at(-1)).to.equal(3);
        expect(hits?.values.filter((value) => value === 0)).to.have.length(round);
      });
      await sendDatagrams(collector.port, ['hits:1|c|#route:/a b', 'fresh:5|c']);
      await collector.stop();
    }
    await eventually(async () => {
      const [hits] = await server.stored('hits_total');
      expect(hits?.metric).to.deep.equal({ __name__: 'hits_total', host: 'web1', route: '/a b' });
      expect(await server.query('increase(hits_total[5m])')).to.deep.equal([12]);
      expect(await server.query('increase(fresh_total[5m])')).to.deep.equal([15]);
      expect(await server.query('increase(login_seconds_count[5m])')).to.deep.equal([9]);
      expect(await server.query('increase(login_seconds_bucket{le="0.025"}[5m])')).to.deep.equal([6]);
      expect(await server.query('users')).to.deep.equal([2]);
      expect(await server.query('level')).to.deep.equal([7]);
    });
  });

  it('is written to with the login of the configuration file, which nobody sees', async () => {
    const flags = ['-httpAuth.username=ann', '-httpAuth.password=se/cret'];
    const server = await startServer({ flags, user: 'ann:se/cret' });
    const url = server.url.replace('http://', 'http://ann:se%2Fcret@');
    const file = path.join(newDirectory(), 'collector.json');
    writeFileSync(file, JSON.stringify({ influx: [`${url}/write?db=shop`], influxInterval: '1s' }));
    const collector = await startCollector('--config', file);
    await sendDatagrams(collector.port, ['hits:3|c']);
    await collector.stop();
    await eventually(async () => {
      expect((await server.stored('hits_value'))[0]?.values).to.deep.equal([3]);
      // The name of the output is a tag.
      const [sent] = await server.stored('{__name__="afstatsd.collector.sent_value",output=~"influx.*"}');
      expect(sent?.metric['output']).to.equal(`influx ${server.url}/write?db=shop`);
    });
    expect(collector.program.stderr + collector.program.stdout).not.to.match(/se%2Fcret|se\/cret|ann/);
  });
});
