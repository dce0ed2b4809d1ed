import { type Carbon, describeWith, eventually, useCarbon, useGraphite } from '@afstatsd/testing';
import { expect } from 'chai';
import { it } from 'mocha';
import { sendDatagrams } from '../support/send-datagrams.js';
import { type Running, useCollectorOnUdp } from '../support/on-udp.js';

const sumOf = async (carbon: Pick<Carbon, 'points'>, series: string): Promise<number> =>
  (await carbon.points(series)).reduce((sum, { value }) => sum + value, 0);

describeWith('graphite', 'carbon behind --graphite', () => {
  const startCarbon = useCarbon();
  const startCollector = useCollectorOnUdp();
  const start = (url: string, ...args: string[]): Promise<Running> =>
    startCollector('--graphite', url, '--graphite-interval', '1s', '--global-tag', 'host=web1', ...args);

  it('has what was recorded, also after the collector was started again within a second', async () => {
    const carbon = await startCarbon();
    const url = `tcp://127.0.0.1:${carbon.port}`;
    const lines = 'hits:3|c|#route:/a\nlogin:10:20:30|ms\nusers:ann|s\nlevel:7|g\nlevel:-4|g|T1';
    const hits = 'stats.counters.hits.count;host=web1;route=-a';
    for (let round = 0; round < 3; round++) {
      const collector = await start(url);
      await sendDatagrams(collector.port, [lines]);
      await eventually(async () => expect(await sumOf(carbon, hits)).to.equal(4 * round + 3));
      await sendDatagrams(collector.port, ['hits:1|c|#route:/a']);
      await collector.stop();
    }
    await eventually(async () => {
      expect(await sumOf(carbon, hits)).to.equal(12);
      expect(await sumOf(carbon, 'stats.timers.login.count;host=web1')).to.equal(9);
      expect(await sumOf(carbon, 'stats.timers.login.sum;host=web1')).to.equal(180);
      expect((await carbon.points('stats.timers.login.upper_90;host=web1')).at(-1)?.value).to.equal(30);
      expect((await carbon.points('stats.sets.users.count;host=web1')).at(-1)?.value).to.equal(1);
      expect((await carbon.points('stats.gauges.level;host=web1')).at(-1)?.value).to.equal(7);
    });
  });

  it('gets what was recorded while it was away', async () => {
    const carbon = await startCarbon();
    await carbon.stop();
    const collector = await start(`tcp://127.0.0.1:${carbon.port}?tags=fold`);
    await sendDatagrams(collector.port, ['hits:3|c|#route:/a']);
    await collector.program.printed('ECONNREFUSED');
    await sendDatagrams(collector.port, ['hits:4|c|#route:/a']);
    await carbon.start();
    await collector.program.printed('works again');
    await collector.stop();
    await eventually(async () => {
      expect(await sumOf(carbon, 'stats.counters.hits.a.count')).to.equal(7);
      // What the collector says of itself is there, too.
      expect(await carbon.read('stats.counters.afstatsd.collector.output_errors.*.count')).to.not.be.empty;
    });
  });

  it('has a gauge in each interval, as long as it holds', async () => {
    const carbon = await startCarbon();
    const collector = await start(`tcp://127.0.0.1:${carbon.port}`, '--expire', 'gauge=1h');
    await sendDatagrams(collector.port, ['level:7|g']);
    await eventually(async () => {
      const values = (await carbon.points('stats.gauges.level;host=web1')).map(({ value }) => value);
      expect(values.slice(0, 3)).to.deep.equal([7, 7, 7]);
    });
  });
});

describeWith('graphite', "carbon behind etsy's statsd", () => {
  const startGraphite = useGraphite();
  const startCarbon = useCarbon();
  const startCollector = useCollectorOnUdp();

  it('has the same values under the same names as behind --graphite', async () => {
    const [etsy, carbon] = [await startGraphite(), await startCarbon()];
    const collector = await startCollector(
      '--graphite',
      `tcp://127.0.0.1:${carbon.port}?tags=fold`,
      '--graphite-interval',
      '1s',
    );
    const lines =
      'hits:3|c\nhits:1|c|@0.5\nlogin:450|ms\nlogin:120|ms\nlogin:553|ms\nlogin:994|ms|@0.5\nusers:ann|s\nlevel:2.5|g';
    for (const port of [etsy.port, collector.port]) await sendDatagrams(port, [lines]);
    const names = [
      'counters.hits.count',
      'gauges.level',
      'sets.users.count',
      ...['count', 'sum', 'lower', 'upper', 'mean', 'median', 'std', 'upper_90', 'upper_95', 'upper_99'].map(
        (statistic) => `timers.plain.${statistic}`,
      ),
    ];
    for (const port of [etsy.port, collector.port])
      await sendDatagrams(port, [
        'plain:450|ms\nplain:120|ms\nplain:553|ms\nplain:994|ms\nplain:334|ms\nplain:844|ms',
      ]);
    await eventually(async () => {
      for (const name of names) {
        const [theirs, ours] = await Promise.all(
          [etsy, carbon].map(
            async (one) => (await one.points(`stats.${name}`)).find(({ value }) => value > 0)?.value,
          ),
        );
        expect(ours, name)
          .to.be.a('number')
          .and.to.be.closeTo(theirs ?? Number.NaN, 1e-6);
      }
    });
  });
});
