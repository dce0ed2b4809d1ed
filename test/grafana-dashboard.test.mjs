// The dashboards of deploy/grafana have data: the queries of each panel, and of each variable, return some from a real Prometheus
// that scrapes the collector program, to which a program with two processes and a worker thread sends its runtime metrics.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  describeWith,
  freePort,
  until,
  usePrograms,
  usePrometheusServers,
  useQueues,
} from '@afstatsd/testing';
import { expect } from 'chai';

const root = join(import.meta.dirname, '..');
const dashboard = JSON.parse(readFileSync(join(root, 'deploy/grafana/nodejs-runtime.json'), 'utf8'));
const collector = join(root, 'packages/collector/dist/src/main.js');

/** The queries of a dashboard, by what they are for. */
const queries = new Map(
  dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ refId, expr }) => [`${title} ${refId}`, expr]),
  ),
);
const variables = dashboard.templating.list.filter(({ type }) => type === 'query');

/** The queries of docs/runtime-metrics.md, without the bounds that they compare with. Two blanks stand before an explanation. */
const documented = /Queries to begin with:\n\n```text\n([\s\S]*?)\n```/
  .exec(readFileSync(join(root, 'docs/runtime-metrics.md'), 'utf8'))[1]
  .split('\n')
  .map((line) => line.split(/ {2,}/)[0].replace(/ > [\d.]+$/, ''));

/** A query as Grafana sends it when all of each variable is chosen. */
function filledIn(query) {
  return query
    .replaceAll('$__rate_interval', '30s')
    .replaceAll(/\$(\w+)/g, (_, name) => dashboard.templating.list.find((one) => one.name === name).allValue);
}

/** A program of three event loops, which has garbage to collect and something open. */
const PROGRAM = `
  const { Worker, isMainThread } = require('node:worker_threads');
  const { Statsd } = require('@afstatsd/core');
  Statsd.collectRuntimeMetrics();
  setInterval(() => Array.from({ length: 1e5 }, () => ({})), 50);
  require('node:net').createServer().listen(0, '127.0.0.1');
  if (isMainThread) new Worker(process.argv[1], { eval: true, argv: [process.argv[1]] });
`;

describeWith('prometheus', 'the dashboard deploy/grafana/nodejs-runtime.json', function () {
  const programs = usePrograms();
  const queues = useQueues();
  const startPrometheus = usePrometheusServers();

  it('has data in each panel and variable', async () => {
    const queue = queues.newName();
    const port = await freePort();
    const receiver = programs.node([
      collector,
      '--queue',
      queue,
      '--udp',
      'off',
      '--prometheus',
      `127.0.0.1:${port}`,
    ]);
    await receiver.printed('reading queue');
    const prometheus = await startPrometheus(`127.0.0.1:${port}`);
    const env = {
      AFSTATSD_URL: `mq://${queue}?fallback=false`,
      AFSTATSD_INTERVAL: '500ms',
      AFSTATSD_SERVICE: 'shop',
    };
    for (let i = 0; i < 2; i++) programs.node(['-e', PROGRAM, PROGRAM], { env });

    for (const [panel, query] of queries) {
      await until(
        `there is data for ${panel}: ${query}`,
        async () => (await prometheus.query(filledIn(query))).length > 0,
        90_000,
      );
    }
    expect(documented).to.have.length(5);
    for (const query of documented) {
      await until(
        `there is data for ${query}`,
        async () => (await prometheus.query(query)).length > 0,
        90_000,
      );
    }
    for (const { name, definition } of variables) {
      const [, selector, label] = /^label_values\((.*), (\w+)\)$/.exec(definition);
      const values = (await prometheus.query(`group by (${label}) (${filledIn(selector)})`)).map(
        ({ metric }) => metric[label],
      );
      expect(values, name).to.not.include(undefined);
      expect(values, name).to.have.length.at.least(name === 'service' ? 1 : 2);
    }
    // Two processes, and no gauge of one overwrites that of the other.
    await until(
      'both processes are there',
      async () => (await prometheus.query('process_resident_memory_bytes{service="shop"}')).length === 2,
    );
    await until(
      'all threads are there',
      async () => (await prometheus.query('nodejs_eventloop_utilization')).length === 4,
    );
  });
});
