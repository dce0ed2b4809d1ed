'use strict';

// A server of Express or Fastify: `web.cjs EXPRESS_OR_FASTIFY`, with the version's package, such as express-4. It answers three
// requests of its own, and says how many calls each series of `http.request` has.
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { MemoryTransport, Statsd } = require('@afstatsd/core');

const name = process.argv.at(-1);
const [framework] = name.split('-');
const from = createRequire(join(__dirname, '../../../packages', framework, 'package.json'));

async function express(handler) {
  const app = from(name)();
  app.use(require('@afstatsd/express')({ bytes: true }));
  app.get('/users/:id', (request, response) => handler(request.params.id, response));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { port: server.address().port, close: () => server.close() };
}

async function fastify(handler) {
  const app = from(name)();
  await app.register(require('@afstatsd/fastify'), { bytes: true });
  app.get('/users/:id', async (request, reply) => handler(request.params.id, reply));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { port: app.server.address().port, close: () => app.close() };
}

async function main() {
  const transport = new MemoryTransport();
  Statsd.configure({ transport });
  const { port, close } = await { express, fastify }[framework]((id, response) =>
    response.send(`user ${id}`),
  );
  let bytes = 0;
  for (const path of ['/users/1', '/users/2', '/nowhere']) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    bytes += (await response.text()).length;
  }
  await close();
  await Statsd.flush();
  const calls = {};
  let counted = 0;
  for (const { name, tags, values } of transport.metrics) {
    if (name === 'http.response.bytes') counted += values.reduce((sum, value) => sum + value, 0);
    if (name !== 'http.request') continue;
    const key = tags.map((tag) => tag[1]).join(' ');
    calls[key] = (calls[key] ?? 0) + values.length;
  }
  console.log(JSON.stringify({ calls, countsHeaders: counted > bytes + 100 }));
  process.exit();
}

void main();
