// Loads the plugin with version 5 of fastify-plugin in the place of 6, and prints what Fastify 4 and 5 do with it.
import { MemoryTransport, StatsdClient } from '@afstatsd/core';
import Module from 'node:module';
import type { Make } from '../support/app.js';

type Resolve = (request: string, ...others: unknown[]) => string;
const loader = Module as unknown as { _resolveFilename: Resolve };
const resolve = loader._resolveFilename;
loader._resolveFilename = (request, ...others) =>
  Reflect.apply(resolve, loader, [
    request === 'fastify-plugin' ? require.resolve('fastify-plugin-5') : request,
    ...others,
  ]);

async function main(): Promise<void> {
  const { afstatsd } = require('@afstatsd/fastify') as typeof import('@afstatsd/fastify');
  const results: Record<string, string[]> = {};
  for (const name of ['fastify-4', 'fastify']) {
    const { fastify: make } = require(name) as { fastify: Make };
    const memory = new MemoryTransport();
    const statsd = new StatsdClient({ transport: memory, interval: Infinity, handleSignals: false });
    const fastify = make();
    await fastify.register(afstatsd, { statsd });
    fastify.get('/users/:id', async () => 'x');
    await fastify.inject('/users/5');
    await statsd.flush();
    results[name] = memory.metrics.map(({ name, tags = [] }) =>
      [name, ...tags.map(([, value]) => value)].join(' '),
    );
    await statsd.shutdown();
  }
  const loaded = Object.keys(require.cache).flatMap((file) => /fastify-plugin@\d+/.exec(file) ?? []);
  console.log(JSON.stringify({ results, loaded: [...new Set(loaded)] }));
}

void main();
