// The dashboards deploy/grafana/http.json and collector.json, and the rules deploy/prometheus/afstatsd.rules.yml, have data: each
// query is asked of a real Prometheus that scrapes the collector program. An app on Express sends what its middleware records
// to that by the queue. The rules pass promtool, too.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StatsdClient } from '@afstatsd/core';
import { afstatsdExpress } from '@afstatsd/express';
import {
  describeWith,
  freePort,
  until,
  useCleanup,
  usePrograms,
  usePrometheusServers,
  useQueues,
} from '@afstatsd/testing';
import { expect } from 'chai';
import express from 'express';

const root = join(import.meta.dirname, '..');
const collector = join(root, 'packages/collector/dist/src/main.js');
const rulesFile = join(root, 'deploy/prometheus/afstatsd.rules.yml');
const testsFile = join(root, 'deploy/prometheus/afstatsd.test.yml');
const promtool = (...args) => promisify(execFile)('promtool', args);
const DATA_MS = 90_000;

/** The queries of a dashboard, of panels and of variables, by what they are for: as Grafana sends them when all of each variable is chosen. */
function queriesOf(name) {
  const { panels, templating } = JSON.parse(readFileSync(join(root, 'deploy/grafana', name), 'utf8'));
  const filledIn = (query) =>
    query
      .replaceAll('$__rate_interval', '30s')
      .replaceAll(/\$(\w+)/g, (_, variable) => templating.list.find((one) => one.name === variable).allValue);
  const ofPanels = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ refId, expr }) => [`${name}: ${title} ${refId}`, filledIn(expr)]),
  );
  const ofVariables = templating.list
    .filter(({ type }) => type === 'query')
    .map(({ name: variable, definition }) => {
      const [, selector, label] = /^label_values\((.*), (\w+)\)$/.exec(definition);
      return [`${name}: variable ${variable}`, `group by (${label}) (${filledIn(selector)}) != 0`];
    });
  return [...ofPanels, ...ofVariables];
}

/** The rules as promtool reads them: the names of recorded series, and the expression of each alert. */
function rules() {
  const all = readFileSync(rulesFile, 'utf8').split(/^ {6}- /m);
  const field = (text, key) =>
    new RegExp(`^(?: {8})?${key}: (?:\\|\\n((?: {10}.*\\n)+)|(.*))`, 'm')
      .exec(text)
      ?.slice(1)
      .join('')
      .trim();
  return {
    recorded: all.map((rule) => field(rule, 'record')).filter((name) => name !== undefined),
    alerts: all
      .filter((rule) => rule.startsWith('alert:'))
      .map((rule) => [field(rule, 'alert'), field(rule, 'expr').replaceAll(/\s+/g, ' ')]),
  };
}

describeWith('prometheus', 'deploy/', function () {
  const programs = usePrograms();
  const queues = useQueues();
  const startPrometheus = usePrometheusServers();
  const later = useCleanup();

  /** An app whose requests are recorded, and a function that visits it: requests that are answered, that fail, that are given up. */
  async function startApp(transport) {
    const statsd = new StatsdClient({
      transport,
      interval: 500,
      service: 'shop',
      telemetry: true,
      handleSignals: false,
    });
    later(() => statsd.shutdown());
    const app = express();
    app.use(afstatsdExpress({ statsd }));
    app.get('/', (_req, res) => res.type('html').send('<p>Welcome'));
    app.get('/api/users/:id', (req, res) => res.status(req.params.id === '0' ? 500 : 200).json({}));
    let arrived = () => {};
    app.get('/slow', () => arrived());
    const server = app.listen(0, '127.0.0.1');
    later(() => server.close());
    later(() => server.closeAllConnections());
    await once(server, 'listening');
    const { port } = server.address();
    const get = async (path) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    return async () => {
      await Promise.all([get('/'), get('/api/users/7'), get('/api/users/0')]);
      const isThere = new Promise((resolve) => (arrived = resolve));
      const socket = connect(port, '127.0.0.1');
      socket.write('GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await isThere;
      socket.destroy();
    };
  }

  it('has rules that promtool accepts, and whose tests pass', async () => {
    const { stdout } = await promtool('check', 'rules', rulesFile);
    const { recorded, alerts } = rules();
    expect(stdout).to.include(`SUCCESS: ${recorded.length + alerts.length} rules found`);
    await promtool('test', 'rules', testsFile);
  });

  it('has data for each query of the dashboards, each recorded series, and each alert', async () => {
    const queue = queues.newName();
    const [port, absent] = [await freePort(), await freePort()];
    const receiver = programs.node(
      `${collector} --queue ${queue} --udp off --interval 1s --prometheus ${port} --influx http://127.0.0.1:${absent}/write?db=x`.split(
        ' ',
      ),
    );
    await receiver.printed('collector: ready');
    const prometheus = await startPrometheus(`127.0.0.1:${port}`, {}, [], [rulesFile]);
    const visit = await startApp(`mq://${queue}?fallback=false`);
    const { recorded, alerts } = rules();
    const hasData = (what, query) =>
      until(
        `there is data for ${what}: ${query}`,
        async () => {
          await visit();
          return (await prometheus.query(query)).some(({ value: [, value] }) => value !== 'NaN');
        },
        DATA_MS,
      );

    for (const [what, query] of [...queriesOf('http.json'), ...queriesOf('collector.json')])
      await hasData(what, query);
    expect(recorded).to.have.length(10);
    for (const name of recorded) await hasData('the rule', name);
    // An alert without its bounds has data while all is well. These two have some only after a collector has gone.
    const whenGone = new Set(['AfstatsdNoCollector', 'AfstatsdCollectorGone']);
    expect(alerts).to.have.length(12);
    for (const [name, query] of alerts) {
      if (!whenGone.has(name))
        await hasData(`the alert ${name}`, query.replaceAll(/ (?:>|<|==) [\d.]+/g, ''));
    }

    const { length: scraped } = await prometheus.query('afstatsd_collector_build_info');
    expect(scraped).to.equal(1);
    await receiver.kill('SIGTERM');
    for (const [name, query] of alerts) {
      if (whenGone.has(name))
        await until(
          `there is data for the alert ${name}`,
          async () => (await prometheus.query(query)).length > 0,
          DATA_MS,
        );
    }
  });
});
