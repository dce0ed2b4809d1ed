import { describeWith, eventually, freePort, usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';
import { it } from 'mocha';
import { useCollectorOnUdp } from '../support/on-udp.js';
import { sendDatagrams } from '../support/send-datagrams.js';

describeWith('pushgateway', "Prometheus' Pushgateway behind --push", () => {
  const programs = usePrograms();
  const startCollector = useCollectorOnUdp();

  it('has what was recorded, under the labels of its path', async () => {
    const host = `127.0.0.1:${await freePort()}`;
    const server = programs.run('prometheus-pushgateway', [`--web.listen-address=${host}`]);
    const page = async (): Promise<string> => (await fetch(`http://${host}/metrics`)).text();
    const url = `http://${host}/metrics/job/statsd/instance/web1`;
    const collector = await startCollector('--push', url, '--push-interval', '1s', '--global-tag', 'off');
    await sendDatagrams(collector.port, ['hits:3|c|#route:/a', 'login:10:20|ms', 'level:7|g']);
    await collector.stop();
    await eventually(async () => {
      expect(server.isRunning, server.stderr).to.equal(true);
      const text = await page();
      expect(text).to.include('hits_total{instance="web1",job="statsd",route="/a"} 3\n');
      expect(text).to.include('login_seconds_count{instance="web1",job="statsd"} 2\n');
      expect(text).to.include('level{instance="web1",job="statsd"} 7\n');
    });
  });
});
