// The dashboard that is made of a catalogue has data: a service records through the catalogue, by the queue and through the
// collector, which has the catalogue's rules, and each query is asked of a real Prometheus. So it is for the page of an app.
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StatsdClient } from '@afstatsd/core';
import { defineMetrics } from '@afstatsd/core/catalogue';
import { prometheusPage } from '@afstatsd/prometheus';
import { catalogueDashboard } from '@afstatsd/prometheus/catalogue';
import {
  describeWith,
  freePort,
  until,
  useCleanup,
  useDirectories,
  usePrograms,
  usePrometheusServers,
  useQueues,
} from '@afstatsd/testing';
import { expect } from 'chai';

const root = join(import.meta.dirname, '..');
const collector = join(root, 'packages/collector/dist/src/main.js');
const command = join(root, 'packages/prometheus/dist/src/catalogue/main.js');
const DATA_MS = 90_000;

const METRICS = {
  'orders.placed': {
    kind: 'counter',
    help: 'Orders that were placed.',
    tags: { method: ['card', 'cash'], 'customer.region': 'string' },
  },
  'orders.checkout': {
    kind: 'timer',
    help: 'How long a checkout takes.',
    buckets: [0.1, 0.5, 1],
    tags: { provider: ['acme'] },
  },
  'upload.bytes': { kind: 'timer', help: 'How large uploads are.' },
  'basket.price': { kind: 'histogram', help: 'What baskets cost.', unit: 'euros', buckets: [10, 100] },
  'parcel.weight': { kind: 'distribution', help: 'What parcels weigh.', unit: 'kilograms' },
  'orders.open': { kind: 'gauge', help: 'Orders that wait.', unit: 'orders' },
  visitors: { kind: 'set', help: 'Who was there.' },
};
const catalogue = defineMetrics(METRICS);

/** Records each metric, some of the time, until the test ends. */
function record(client, later) {
  const statsd = catalogue.typed(client);
  const work = () => {
    statsd.increment('orders.placed', { tags: { method: 'card', 'customer.region': 'eu' } });
    statsd.timing('orders.checkout', 120, { tags: { provider: 'acme' } });
    statsd.timing('upload.bytes', 4_000);
    statsd.histogram('basket.price', 42);
    statsd.distribution('parcel.weight', 3);
    statsd.gauge('orders.open', 7);
    statsd.set('visitors', `v${Date.now() % 5}`);
  };
  work();
  const timer = setInterval(work, 100);
  later(() => clearInterval(timer));
}

/** The queries of a dashboard, as Grafana sends them when all of each variable is chosen. */
function queriesOf({ panels, templating }) {
  const filledIn = (query) => query.replaceAll('$__rate_interval', '30s').replaceAll('$service', '.*');
  const ofPanels = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ refId, expr }) => [`${title} ${refId}`, filledIn(expr)]),
  );
  const { definition } = templating.list.find(({ name }) => name === 'service');
  const [, selector, label] = /^label_values\((.*), (\w+)\)$/.exec(definition);
  return [...ofPanels, ['the variable service', `group by (${label}) (${selector}) != 0`]];
}

async function expectData(prometheus, dashboard) {
  const queries = queriesOf(dashboard);
  expect(queries).to.have.length(20);
  for (const [what, query] of queries) {
    await until(
      `there is data for ${what}: ${query}`,
      async () => (await prometheus.query(query)).some(({ value: [, value] }) => value !== 'NaN'),
      DATA_MS,
    );
  }
}

describeWith('prometheus', 'the dashboard of a catalogue', function () {
  const programs = usePrograms();
  const queues = useQueues();
  const newDirectory = useDirectories();
  const startPrometheus = usePrometheusServers();
  const later = useCleanup();

  it('has data in each panel with the collector, whose page has the descriptions, units and buckets', async () => {
    const queue = queues.newName();
    const folder = newDirectory();
    const [module, rules, made] = ['metrics.cjs', 'collector.json', 'dashboard.json'].map((name) =>
      join(folder, name),
    );
    const core = join(root, 'packages/core/dist/src/catalogue/index.js');
    writeFileSync(
      module,
      `exports.catalogue = require(${JSON.stringify(core)}).defineMetrics(${JSON.stringify(METRICS)});`,
    );
    const args = [
      command,
      module,
      '--rules',
      rules,
      '--dashboard',
      made,
      '--title',
      'Shop',
      '--prefix',
      'shop',
    ];
    await promisify(execFile)(process.execPath, args);
    const dashboard = JSON.parse(readFileSync(made, 'utf8'));
    expect(dashboard).to.deep.equal(catalogueDashboard(catalogue, { title: 'Shop', prefix: 'shop' }));

    const port = await freePort();
    const options = `--queue ${queue} --udp off --interval 1s --prometheus 127.0.0.1:${port}`;
    const receiver = programs.node([collector, '--config', rules, ...options.split(' ')]);
    await receiver.printed('collector: ready');
    const statsd = new StatsdClient({
      transport: `mq://${queue}?fallback=false`,
      interval: 500,
      service: 'shop',
      prefix: 'shop',
      handleSignals: false,
    });
    later(() => statsd.shutdown());
    record(statsd, later);
    const prometheus = await startPrometheus(`127.0.0.1:${port}`);
    await expectData(prometheus, dashboard);

    const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(page).to.contain('# HELP shop_orders_placed_total Orders that were placed.');
    expect(page).to.contain('# HELP shop_basket_price_euros What baskets cost.');
    const bounds = page.matchAll(/^shop_orders_checkout_seconds_bucket\{.*le="([^"]+)"/gm);
    expect([...bounds].map(([, le]) => le)).to.deep.equal(['0.1', '0.5', '1', '+Inf']);
  });

  it('has data in each panel with the page of an app', async () => {
    const statsd = new StatsdClient({ service: 'shop', rules: catalogue.rules(), handleSignals: false });
    const page = prometheusPage({ statsd });
    const server = createServer((request, response) => page(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    later(async () => {
      server.closeAllConnections();
      server.close();
      page.close();
      await statsd.shutdown();
    });
    record(statsd, later);
    const prometheus = await startPrometheus(`127.0.0.1:${server.address().port}`);
    await expectData(prometheus, catalogueDashboard(catalogue));
  });
});
