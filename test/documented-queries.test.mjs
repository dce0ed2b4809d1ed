// The queries of docs/http.md return data: what an app on Express and one on Fastify record goes by the queue to the collector
// program, from there to a real Prometheus, and to etsy's statsd with a real carbon behind it.
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StatsdClient } from '@afstatsd/core';
import { afstatsdExpress } from '@afstatsd/express';
import {
  freePort,
  need,
  until,
  useCleanup,
  useGraphite,
  usePrograms,
  usePrometheusServers,
  useQueues,
} from '@afstatsd/testing';
import { expect } from 'chai';
import express from 'express';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/http.md'), 'utf8');
const collector = join(root, 'packages/collector/dist/src/main.js');

/** The lines of the first code block after a text. */
function queriesAfter(text) {
  const [, block] = /```text\n([\s\S]*?)```/.exec(page.slice(page.indexOf(text)));
  // Two blanks separate a query from its explanation.
  return block
    .split('\n')
    .map((line) => line.split(/ {2,}/)[0])
    .filter((line) => line !== '');
}

describe('the queries of docs/http.md', function () {
  this.timeout(120_000);
  const programs = usePrograms();
  const queues = useQueues();
  const startPrometheus = usePrometheusServers();
  const startGraphite = useGraphite();
  const later = useCleanup();

  /** An app whose requests are recorded, and a function that visits each of its pages. */
  async function startApp(transport) {
    const statsd = new StatsdClient({ transport, interval: 500, service: 'shop', handleSignals: false });
    later(() => statsd.shutdown());
    const app = express();
    app.use(afstatsdExpress({ statsd }));
    app.get('/', (_req, res) => res.type('html').send('<p>Welcome'));
    app.get('/api/users/:id', (req, res) => res.status(req.params.id === '0' ? 500 : 200).json({}));
    app.get('/slow', (req) => void req);
    const server = app.listen(0, '127.0.0.1');
    later(() => server.close());
    later(() => server.closeAllConnections());
    await once(server, 'listening');
    const { port } = server.address();
    const get = async (path) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    return async () => {
      await Promise.all([get('/'), get('/api/users/7'), get('/api/users/0')]);
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write('GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await delay(20);
      socket.destroy();
    };
  }

  async function startCollector(queue, ...options) {
    const program = programs.node([
      collector,
      '--queue',
      queue,
      '--udp',
      'off',
      '--interval',
      '1s',
      ...options,
    ]);
    await program.printed('reading queue');
  }

  /** Visits the app until a condition holds. */
  async function visitUntil(visit, what, condition) {
    await until(
      what,
      async () => {
        await visit();
        return condition();
      },
      60_000,
    );
  }

  it('return data from a real Prometheus', async function () {
    need(this, 'prometheus');
    const queue = queues.newName();
    const port = await freePort();
    await startCollector(queue, '--prometheus', `127.0.0.1:${port}`);
    const prometheus = await startPrometheus(`127.0.0.1:${port}`);
    const visit = await startApp(`mq://${queue}?fallback=false`);
    for (const query of queriesAfter('**Prometheus**')) {
      await visitUntil(visit, `there is data for ${query}`, async () => {
        const results = await prometheus.query(query);
        return results.some(({ value: [, value] }) => Number(value) > 0);
      });
    }
    const [series] = await prometheus.query(
      'http_request_duration_seconds_count{route="/api/users/:id",status="5xx"}',
    );
    expect(series.metric).to.include({
      service: 'shop',
      method: 'get',
      route: '/api/users/:id',
      status: '5xx',
    });
    const byRoute = await prometheus.query(queriesAfter('**Prometheus**')[0]);
    expect(byRoute.map(({ metric }) => metric)).to.deep.equal([{ route: '/api/users/:id' }]);
  });

  it('return data from a real Graphite', async function () {
    need(this, 'graphite');
    const queue = queues.newName();
    const graphite = await startGraphite();
    await startCollector(queue, '--forward', `udp://127.0.0.1:${graphite.port}?format=etsy`);
    const visit = await startApp(`mq://${queue}?fallback=false`);
    const paths = queriesAfter('**Graphite**').flatMap((query) => query.match(/stats\.[\w.*-]+/g));
    expect(paths).to.have.length.at.least(6);
    for (const path of paths) {
      await visitUntil(visit, `there is data for ${path}`, async () => (await graphite.read(path)).size > 0);
    }
  });
});
