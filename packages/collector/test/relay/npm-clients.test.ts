import { freePort, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Arrived } from '../support/arrived.js';
import { useStage } from '../support/stage.js';

interface Client {
  /** The module's file. */
  readonly file: string;
  /** Default: UDP. */
  readonly over?: 'tcp';
  /** Uses the module `Client`, and the port `port`. The last counter that it sends is `end`, with whatever tags. */
  readonly script: string;
  readonly counters?: Record<string, number>;
  readonly gauges?: Record<string, number>;
  /** Timers, with how many values they have and their sum. */
  readonly timers?: Record<string, readonly [count: number, sum: number]>;
}

const CLIENTS: Record<string, Client> = {
  'node-statsd': {
    file: require.resolve('node-statsd'),
    script: `
      const c = new Client({ host: 'localhost', port, prefix: 'n.', global_tags: ['app:x'] });
      let waiting = 305; // it looks localhost up for each datagram, and loses those that still wait for that at a close
      const sent = () => void (--waiting === 0 && c.increment('end', 1, () => c.close()));
      for (let i = 0; i < 200; i++) c.increment('hits', 1, sent);
      c.increment('hits', 5, 1, ['zone:a'], sent);
      c.decrement('hits', 1, sent);
      for (let i = 1; i <= 100; i++) c.timing('took', i, sent);
      c.histogram('size', 3, sent);
      c.gauge('level', -5, sent);
      c.unique('users', 'Ann, Bob', sent);`,
    counters: { 'n.hits{app=x}': 199, 'n.hits{app=x,zone=a}': 5 },
    gauges: { 'n.level{app=x}': -5 },
    timers: { 'n.took{app=x}': [100, 5050], 'n.size{app=x}': [1, 3] },
  },
  'statsd-client': {
    file: require.resolve('statsd-client'),
    script: `
      const c = new Client({ host: 'localhost', port, prefix: 's', tags: { app: 'x' } });
      for (let i = 0; i < 200; i++) c.increment('hits');
      c.decrement('hits', 5, { zone: 'a' });
      for (let i = 1; i <= 100; i++) c.timing('took', i);
      c.gauge('level', 5); c.gauge('level', -5);
      c.gauge('open', 1); c.gaugeDelta('open', 3); c.gaugeDelta('open', 2);
      c.set('users', 'ann');
      c.increment('end');
      setTimeout(() => c.close(), 2500);`,
    counters: { 's.hits{app=x}': 200, 's.hits{app=x,zone=a}': -5 },
    gauges: { 's.level{app=x}': -5, 's.open{app=x}': 6 },
    timers: { 's.took{app=x}': [100, 5050] },
  },
  'statsd-client over TCP': {
    file: require.resolve('statsd-client'),
    over: 'tcp',
    script: `
      const c = new Client({ host: 'localhost', port, tcp: true, socketTimeout: 200 });
      c.timing('took', 20);
      // What it sends again while it connects, it sends twice.
      const whenConnected = setInterval(() => {
        if (c._socket._socket?.readyState !== 'open') return;
        clearInterval(whenConnected);
        for (let i = 0; i < 2000; i++) c.increment('hits', 1, { zone: i % 2 });
        c.increment('end');
        c.close();
      }, 50);`,
    counters: { 'hits{zone=0}': 1000, 'hits{zone=1}': 1000 },
    timers: { took: [1, 20] },
  },
  lynx: {
    file: require.resolve('lynx'),
    script: `
      const c = new Client('localhost', port, { scope: 'l' });
      for (let i = 0; i < 200; i++) c.increment('hits');
      c.decrement(['hits', 'more']);
      c.count('more', 11);
      for (let i = 1; i <= 100; i++) c.timing('took', i);
      c.gauge('level', '+5'); c.gauge('level', '-2');
      c.set('users', 'ann');
      c.increment('end');`,
    counters: { 'l.hits': 199, 'l.more': 10 },
    gauges: { 'l.level': 3 },
    timers: { 'l.took': [100, 5050] },
  },
  'node-dogstatsd': {
    file: require.resolve('node-dogstatsd'),
    script: `
      const c = new Client.StatsD('localhost', port, null, { global_tags: ['app:x'] });
      for (let i = 0; i < 200; i++) c.increment('hits', ['zone:a']);
      c.incrementBy('hits', 5, ['zone:a']);
      c.decrementBy('hits', 3, ['zone:a']);
      for (let i = 1; i <= 100; i++) c.timing('took', i);
      c.histogram('size', 3);
      c.gauge('level', -5);
      c.set('users', 'ann');
      c.increment('end');`,
    counters: { 'hits{app=x,zone=a}': 202 },
    gauges: { 'level{app=x}': -5 },
    timers: { 'took{app=x}': [100, 5050], 'size{app=x}': [1, 3] },
  },
  '@shopify/statsd': {
    file: require.resolve('@shopify/statsd'),
    script: `
      const c = new Client.StatsDClient({ host: 'localhost', port, prefix: 'shop.', snakeCase: true, globalTags: { app: 'x' } });
      (async () => {
        for (let i = 0; i < 200; i++) await c.increment('hits', { zoneName: 'a' });
        for (let i = 1; i <= 100; i++) await c.timing('took', i);
        await c.distribution('load', 4, { zoneName: null });
        await c.gauge('level', -5);
        await c.increment('end');
        await c.close();
      })();`,
    counters: { 'shop.hits{app=x,zone_name=a}': 200 },
    gauges: { 'shop.level{app=x}': -5 },
    timers: { 'shop.took{app=x}': [100, 5050], 'shop.load{app=x,zone_name=Unknown}': [1, 4] },
  },
  'uber-statsd-client': {
    file: require.resolve('uber-statsd-client'),
    script: `
      const c = new Client({ host: 'localhost', port, prefix: 'u' });
      for (let i = 0; i < 200; i++) c.increment('hits');
      c.decrement('hits', 5);
      for (let i = 1; i <= 100; i++) c.timing('took', i);
      c.gauge('level', 5);
      c.increment('end');
      setTimeout(() => c.close(), 2000);`,
    counters: { 'u.hits': 195 },
    gauges: { 'u.level': 5 },
    timers: { 'u.took': [100, 5050] },
  },
  "hot-shots with Telegraf's tags": {
    file: require.resolve('hot-shots'),
    script: `
      const c = new Client({ host: 'localhost', port, telegraf: true, globalTags: { app: 'x' } });
      for (let i = 0; i < 200; i++) c.increment('hits', { zone: 'a' });
      for (let i = 1; i <= 100; i++) c.timing('took', i);
      c.gauge('level', 5);
      c.increment('end');
      c.close();`,
    counters: { 'hits{app=x,zone=a}': 200 },
    gauges: { 'level{app=x}': 5 },
    timers: { 'took{app=x}': [100, 5050] },
  },
  'hot-shots over TCP': {
    file: require.resolve('hot-shots'),
    over: 'tcp',
    script: `
      const c = new Client({ protocol: 'tcp', host: 'localhost', port, globalTags: { app: 'x' }, includeDatadogTelemetry: false });
      for (let i = 0; i < 2000; i++) c.increment('hits');
      c.gauge('level', -5);
      c.increment('end', () => c.close());`,
    counters: { 'hits{app=x}': 2000 },
    gauges: { 'level{app=x}': -5 },
  },
};

const BEFORE = 'const Client = require(process.argv[1]); const port = Number(process.argv[2]);\n';

describe('a client from npm', function () {
  this.timeout(60_000);
  const at = useStage();

  for (const [name, { file, over = 'udp', script, counters, gauges, timers }] of Object.entries(CLIENTS)) {
    it(`${name}: all that it sends to localhost is counted as it means it`, async () => {
      const port = await freePort();
      const collector = await at.collector([`--${over}`, `localhost:${port}`]).ready();
      const args = ['--no-deprecation', '-e', BEFORE + script, file, String(port)];
      const client = at.command(process.execPath, args);
      // Datagrams of a client that looks the host up for each of them overtake one another.
      await until('all has arrived', () => hasAll(collector.arrived, CLIENTS[name]!));
      expect(await client.exit(), client.stderr).to.equal(0);
      expect(await collector.kill('SIGTERM')).to.equal(0);
      const { arrived } = collector;
      expect(arrived.counters).to.include({
        ...counters,
        [`afstatsd.collector.bad_lines{input=${over}}`]: 0,
      });
      expect(arrived.gauges).to.include(gauges ?? {});
      for (const [timer, [count, sum]] of Object.entries(timers ?? {}))
        checkTimer(arrived, timer, count, sum);
    });
  }
});

/** Whether the last metric has come, and as many samples as are meant. */
function hasAll(arrived: Arrived, { counters = {}, timers = {} }: Client): boolean {
  return (
    Object.keys(arrived.counters).some((key) => /^(?:\w+\.)?end(?:\{|$)/.test(key)) &&
    Object.entries(counters).every(([key, value]) => arrived.counters[key] === value) &&
    Object.entries(timers).every(([key, [count]]) => arrived.timers[key]?.count === count)
  );
}

function checkTimer({ timers }: Arrived, name: string, count: number, sum: number): void {
  expect(timers[name], `${name} of ${Object.keys(timers).join(' ')}`).to.include({ count });
  expect(timers[name]!.sum).to.be.closeTo(sum, 1e-6);
}
