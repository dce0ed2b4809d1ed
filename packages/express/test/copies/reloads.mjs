// Loads an app ten times, as a hot reload does, and has one server send its requests to the newest:  node --expose-gc reloads.mjs
import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { setImmediate as turn } from 'node:timers/promises';

const RELOADS = 10;
const REQUESTS = 20;
const copies = [];
const recorded = [];
let app;

function reload() {
  // A module knows those that it required, so each copy is required by one of its own.
  const require = createRequire(import.meta.url);
  for (const file of Object.keys(require.cache)) delete require.cache[file];
  const { NullTransport, StatsdClient } = require('@afstatsd/core');
  const { afstatsdExpress } = require('@afstatsd/express');
  const { Exchange } = require('@afstatsd/core/http');
  copies.push(new WeakRef(Exchange));
  const statsd = new StatsdClient({ transport: new NullTransport() });
  app = require('express')();
  app.use(afstatsdExpress({ statsd }));
  app.get('/users/:id', (req, res) => res.json({ id: req.params.id }));
  return statsd;
}

const subscribers = () => (channel('http.server.request.start')._subscribers ?? []).length;

const server = createServer((req, res) => app(req, res)).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}`;
for (let i = 0; i < RELOADS; i++) {
  const statsd = reload();
  for (let n = 0; n < REQUESTS; n++) await (await fetch(`${url}/users/${n}`)).text();
  recorded.push(statsd.stats().recorded);
  await statsd.shutdown();
}
for (let i = 0; i < 10; i++) {
  await turn();
  globalThis.gc();
}
const during = subscribers();
const alive = copies.filter((copy) => copy.deref() !== undefined).length;
server.close();
server.closeAllConnections();
await once(server, 'close');
console.log(JSON.stringify({ recorded, subscribers: during, alive, subscribersAtEnd: subscribers() }));
process.exit();
