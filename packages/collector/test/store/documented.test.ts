import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  describeWith,
  eventually,
  useCarbon,
  useDirectories,
  useInfluxDB,
  useVictoriaStore,
} from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { loadConfig } from '../../src/config/load.js';
import { useCollectorOnUdp } from '../support/on-udp.js';
import { sendDatagrams } from '../support/send-datagrams.js';

const PAGE = path.join(__dirname, '../../../../../docs/stores.md');
const blocks = [...readFileSync(PAGE, 'utf8').matchAll(/^```json\n([^]*?)^```/gm)].map(([, json]) => json!);

/** The configuration of the page that has this text in it. */
function documented(text: string): string {
  const found = blocks.filter((block) => block.includes(text));
  expect(found, text).to.have.length(1);
  return found[0]!;
}

describe('the configurations of docs/stores.md', () => {
  const newDirectory = useDirectories();
  const startCollector = useCollectorOnUdp();

  function configFile(json: string): string {
    const file = path.join(newDirectory(), 'collector.json');
    writeFileSync(file, json);
    return file;
  }

  /** Runs a configuration with other hosts, sends it three counts, and ends it. */
  async function run(text: string, hosts: Readonly<Record<string, string>>): Promise<void> {
    let json = documented(text);
    for (const [host, real] of Object.entries(hosts)) json = json.replaceAll(host, real);
    const collector = await startCollector('--config', configFile(json));
    await sendDatagrams(collector.port, ['orders:3|c']);
    await collector.stop();
  }

  it('can all be used', () => {
    expect(blocks.length).to.be.at.least(7);
    for (const block of blocks)
      expect(loadConfig(['--config', configFile(block)], {}).options.console).to.equal(false);
  });

  describeWith('graphite', 'with carbon', () => {
    const start = useCarbon();
    it('store what was recorded', async () => {
      const carbon = await start();
      await run('tcp://carbon:2003', { 'carbon:2003': `127.0.0.1:${carbon.port}` });
      await eventually(async () => {
        const files = await carbon.read('_tagged.*.*.*');
        expect([...files.values()].flat()).to.include(3);
      });
    });
  });

  describeWith('influxdb', 'with InfluxDB', () => {
    const start = useInfluxDB();
    it('store what was recorded', async () => {
      const server = await start();
      await server.query('CREATE DATABASE metrics');
      await run('http://influxdb:8086', { 'influxdb:8086': new URL(server.url).host });
      const [row] = await server.query('SELECT sum(value) FROM "orders"', { db: 'metrics' });
      expect(row!['sum']).to.equal(3);
    });
  });

  describeWith('victoria-metrics', 'with VictoriaMetrics', () => {
    const start = useVictoriaStore();
    it('store what was recorded, in each of the three ways', async () => {
      const server = await start();
      const hosts = {
        'victoria-metrics:8428': new URL(server.url).host,
        'victoria-metrics:2003': `127.0.0.1:${server.graphitePort}`,
      };
      await run('victoria-metrics:8428/api/v1/import', hosts);
      await run('victoria-metrics:8428/write', hosts);
      await eventually(async () => {
        expect(await server.query('increase(orders_total[5m])')).to.deep.equal([3]);
        expect(await server.query('sum_over_time(orders_value[5m])')).to.deep.equal([3]);
        expect(
          await server.query('sum_over_time({__name__="stats.counters.orders.count"}[5m])'),
        ).to.deep.equal([3]);
      });
    });
  });
});
