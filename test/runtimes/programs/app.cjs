'use strict';

// An app of many uses, to be bundled: `app.cjs USE`. Where it sends to is in AFSTATSD_URL. `./standard/main.js` and `./legacy/main.js`
// are the compiled examples of decorators, which are copied beside it.
const { Worker, isMainThread } = require('node:worker_threads');
const { MemoryTransport, Statsd } = require('@afstatsd/core');

const DAY_MS = 86_400_000;
/** So that nothing leaves before the end. */
const withoutInterval = () => Statsd.configure({ interval: DAY_MS });

/** Answers two requests by the server at a port, and says how many calls each series of `http.request` has. */
async function visit(memory, port, close) {
  for (const path of ['/users/1', '/nowhere']) await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  await close();
  await Statsd.flush();
  const calls = {};
  for (const { tags, values } of memory.find('http.request')) {
    const key = tags.map((tag) => tag[1]).join(' ');
    calls[key] = (calls[key] ?? 0) + values.length;
  }
  console.log(JSON.stringify(calls));
  process.exit();
}

const USES = {
  async flush() {
    Statsd.increment('hits');
    await Statsd.flush();
  },
  end() {
    withoutInterval();
    Statsd.increment('hits');
  },
  exit() {
    withoutInterval();
    Statsd.increment('hits');
    process.exit();
  },
  throw() {
    withoutInterval();
    Statsd.increment('hits');
    setImmediate(() => {
      throw new Error('on purpose');
    });
  },
  reject() {
    withoutInterval();
    Statsd.increment('hits');
    void Promise.reject(new Error('on purpose'));
  },
  signal() {
    withoutInterval();
    Statsd.increment('hits');
    setInterval(() => {}, DAY_MS);
    console.log('ready');
  },
  worker() {
    withoutInterval();
    if (!isMainThread) Statsd.increment('hits');
    else {
      const worker = new Worker(process.argv[1], { argv: ['worker'] });
      worker.once('error', (error) => console.error(error));
    }
  },
  express() {
    const memory = new MemoryTransport();
    Statsd.setTransport(memory);
    const app = require('express')();
    app.use(require('@afstatsd/express').afstatsdExpress());
    app.get('/users/:id', (request, response) => response.send(request.params.id));
    const server = app.listen(0, '127.0.0.1', () => {
      void visit(memory, server.address().port, () => server.close());
    });
  },
  async fastify() {
    const memory = new MemoryTransport();
    Statsd.setTransport(memory);
    const app = require('fastify')();
    await app.register(require('@afstatsd/fastify'));
    app.get('/users/:id', async ({ params }) => params.id);
    await app.listen({ port: 0, host: '127.0.0.1' });
    await visit(memory, app.server.address().port, () => app.close());
  },
  standard: () => require('./standard/main.js'),
  legacy: () => require('./legacy/main.js'),
};

void USES[process.argv.at(-1)]();
