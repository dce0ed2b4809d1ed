import { createRequire } from 'node:module';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { Worker, isMainThread } from 'node:worker_threads';
import type * as Core from '../../src/index.js';

// Uses two copies of the package, one required and one imported; argv: the queue, and the files that they start at.
const [queue = '', required = '', imported = ''] = process.argv.slice(2);
const a = createRequire(import.meta.url)(required) as typeof Core;
const b = (await import(pathToFileURL(imported).href)) as typeof Core;

const prefix = isMainThread ? 'main' : 'worker';
a.Statsd.configure({ prefix });
b.Statsd.configure({ transport: new b.AFTransport({ queue }) });
a.Statsd.increment('hits');
b.Statsd.increment('hits');
b.Statsd.increment('only.b');
console.log(
  JSON.stringify({ prefix, copies: a.StatsdClient !== b.StatsdClient, shared: a.Statsd === b.Statsd }),
);
if (isMainThread) {
  const worker = new Worker(fileURLToPath(import.meta.url), { argv: process.argv.slice(2) });
  worker.on('error', (error) => console.error(error));
}
