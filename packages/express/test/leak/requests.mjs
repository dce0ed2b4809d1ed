// Makes so many requests to an app with the middleware, and prints as JSON what was recorded of them, and how large the heap
// was after each tenth:  node --expose-gc requests.mjs express|fastify 10000000
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { StatsdClient } from '@afstatsd/core';
import { Totals } from './totals.mjs';

/** Of so many requests of a connection the last is aborted. */
const PER_CONNECTION = 10;
const CONNECTIONS_AT_ONCE = 16;
const ROUNDS = 10;
/** It stands in each answer once, and nowhere else in it. */
const MARK = 0x7e;

const [framework, requests] = [process.argv[2], Number(process.argv[3])];
const connections = requests / PER_CONNECTION / ROUNDS;
if (!['express', 'fastify'].includes(framework) || !Number.isInteger(connections)) {
  throw new Error(`express or fastify, and a multiple of ${PER_CONNECTION * ROUNDS}`);
}

/** What is called when the request of a connection that nobody answers has come. */
const arrived = new Map();

const servers = {
  async express(require, options) {
    const app = require('express')();
    app.use(require('@afstatsd/express')(options));
    app.get('/users/:id', (req, res) => res.send('~'));
    app.get('/wait/:connection', (req) => arrived.get(req.params.connection)());
    const server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  },
  async fastify(require, options) {
    const app = require('fastify')();
    await app.register(require('@afstatsd/fastify'), options);
    app.get('/users/:id', async () => '~');
    app.get('/wait/:connection', (request) => arrived.get(request.params.connection)());
    await app.listen({ host: '127.0.0.1', port: 0 });
    return app.server;
  },
};

/** One connection's requests, all sent at once; when all but the last are answered, and that one is there, it is cut. */
async function connection(port, name) {
  const users = Array.from({ length: PER_CONNECTION - 1 }, (_, i) => `/users/${name}${i}`);
  const socket = connect(port, '127.0.0.1');
  const waits = new Promise((resolve) => arrived.set(name, resolve));
  const answered = new Promise((resolve, reject) => {
    let missing = users.length;
    socket.on('data', (bytes) => {
      for (const byte of bytes) if (byte === MARK && --missing === 0) resolve();
    });
    socket.on('error', reject).on('end', () => reject(new Error('the server ended the connection')));
  });
  const get = (path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  socket.write([...users, `/wait/${name}`].map(get).join(''));
  await Promise.all([waits, answered]);
  arrived.delete(name);
  // Half of the clients leave in good order, half with a reset.
  if (name.endsWith('0')) socket.destroy();
  else socket.resetAndDestroy();
}

async function round(server) {
  let left = connections;
  const { port } = server.address();
  const some = Array.from({ length: CONNECTIONS_AT_ONCE }, async () => {
    while (left > 0) {
      left--;
      await connection(port, `${left}-${left % 2}`);
    }
  });
  await Promise.all(some);
  // The server has seen the end of each.
  while ((await new Promise((resolve) => server.getConnections((_, n) => resolve(n)))) > 0) await delay(1);
}

const totals = new Totals();
const statsd = new StatsdClient({ transport: totals, interval: 100 });
const require = createRequire(new URL(`../../../${framework}/package.json`, import.meta.url));
const server = await servers[framework](require, { statsd, inFlight: true });
const start = performance.now();
const heap = [];
for (let i = 0; i < ROUNDS; i++) {
  await round(server);
  await statsd.flush();
  globalThis.gc();
  heap.push(process.memoryUsage().heapUsed);
  // For those who watch a long run.
  const { all } = totals;
  console.error(JSON.stringify({ requests: (requests / ROUNDS) * (i + 1), heap: heap.at(-1), ...all }));
}
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ seconds, heap, ...totals.all }));
process.exit();
