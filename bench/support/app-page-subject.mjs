// A process, or a cluster of three, that has the page of an app without a collector: by ours or by prom-client. At the word `page`
// all of its processes record something, one page is made, and it says what that took.
import cluster from 'node:cluster';
import { once } from 'node:events';
import { Statsd } from '@afstatsd/core';
import { prometheusPage } from '@afstatsd/prometheus';
import promClient from 'prom-client';

const [, , way, mode] = process.argv;
const COUNTERS = 1000;
const TIMERS = 100;
const CHANGED = 10; // a tenth
const WORKERS = 2;
const BOUNDS = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000].map((ms) => ms / 1000);
const labels = (i) => ({ item: `item-${i}`, region: `region-${i % 7}` });

/** What records, and what makes a page of this process or, in a cluster, of all. */
const WAYS = {
  ours() {
    const page = prometheusPage({ bounds: BOUNDS, timeout: 30_000 });
    return {
      count: (i) => Statsd.increment(`orders.${i % 10}`, { tags: labels(i) }),
      time: (i, ms) => Statsd.timing('load', ms, { tags: labels(i) }),
      page: async () => (await page.render()).body.length,
    };
  },
  'prom-client'() {
    const labelNames = ['item', 'region'];
    const counters = Array.from(
      { length: 10 },
      (_, at) => new promClient.Counter({ name: `orders_${at}_total`, help: 'orders', labelNames }),
    );
    const timer = new promClient.Histogram({
      name: 'load_seconds',
      help: 'load',
      labelNames,
      buckets: BOUNDS,
    });
    // Workers answer as soon as they have one.
    const registry = mode === 'cluster' ? new promClient.AggregatorRegistry() : undefined;
    return {
      count: (i) => counters[i % 10].inc(labels(i)),
      time: (i, ms) => timer.observe(labels(i), ms / 1000),
      page: async () => (await (registry?.clusterMetrics() ?? promClient.register.metrics())).length,
    };
  },
};
const subject = WAYS[way]();

function record(step) {
  for (let i = 0; i < COUNTERS; i += step) subject.count(i);
  for (let i = 0; i < TIMERS; i += step) for (let ms = 1; ms < 1000; ms *= 2) subject.time(i, ms);
}

/** ms of CPU since `before`. */
function cpuSince(before) {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Has every worker do something, and waits for their answers. prom-client's own messages have a type. */
async function all(word) {
  const answers = [];
  for (const worker of Object.values(cluster.workers ?? {})) {
    const answered = new Promise((resolve) => {
      const listen = (message) => {
        if (message.answer === undefined) return;
        worker.off('message', listen);
        resolve(message.answer);
      };
      worker.on('message', listen);
    });
    worker.send({ word });
    answers.push(await answered);
  }
  return answers;
}

async function makePage() {
  record(CHANGED);
  await all('record');
  globalThis.gc();
  await all('begin');
  const before = process.cpuUsage();
  const began = performance.now();
  const bytes = await subject.page();
  const wall = performance.now() - began;
  const own = cpuSince(before);
  const workers = await all('end');
  return { bytes, wall, own, cpu: workers.reduce((sum, one) => sum + one, own) };
}

if (cluster.isWorker) {
  record(1);
  let before;
  const WORDS = {
    record: () => record(CHANGED),
    begin: () => {
      globalThis.gc();
      before = process.cpuUsage();
    },
    end: () => cpuSince(before),
  };
  process.on('message', ({ word }) => {
    if (word !== undefined) process.send({ answer: WORDS[word]() ?? 0 });
  });
  process.send({ answer: 'ready' });
} else {
  record(1);
  if (mode === 'cluster') {
    for (let at = 0; at < WORKERS; at++) {
      const worker = cluster.fork();
      await once(worker, 'message');
    }
  }
  process.on('message', () => {
    void makePage().then((page) => process.send(page));
  });
  process.on('disconnect', () => {
    for (const worker of Object.values(cluster.workers ?? {})) worker.kill();
    process.exit();
  });
  process.send('ready');
}
