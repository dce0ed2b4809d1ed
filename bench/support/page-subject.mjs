// A process with a page of many series, made in one way. At a word it makes the page, and says what that took.
import { createRequire } from 'node:module';
import { createServer, get } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TurnWatch } from './turn-watch.mjs';

const [, , way, what, count, folder] = process.argv;
const COUNT = Number(count);
const FAMILIES = 100;
const BOUNDS = [1, 2.5, 5, 10, 25, 50, 75, 100, 250, 500, 1000, 2500, 5000, 10_000].map((ms) => ms / 1000);
/** Name and labels of a series have 80 bytes or so. */
const labels = (i) => ({ item: `item-${String(i).padStart(12, '0')}`, region: `region-${i % 7}` });
const name = (i) => `shop.orders.of.the.family.${i % FAMILIES}`;
const promName = (i) => name(i).replaceAll('.', '_');

const inOutput = (file) => import(pathToFileURL(join(folder, 'dist/src', file)).href);

/** A metric as it comes in. */
const metricOf = (i, value) => {
  const named = { name: name(i), tags: Object.entries(labels(i)), rate: 1 };
  return what === 'counters'
    ? { type: 'counter', ...named, value }
    : { type: 'timer', ...named, values: [value] };
};

/** Each way: how it records, and where its page is, or how it is made without HTTP. */
const ways = {
  /** The output of this build, or of the one before. */
  async output() {
    const { PrometheusOutput } = await inOutput('output/prometheus.js');
    const output = new PrometheusOutput({ port: 0, maxMetrics: 2 * COUNT, bounds: BOUNDS });
    await output.start();
    return { add: (i, value) => output.ingest(metricOf(i, value)), url: output.url };
  },
  /** The page of this build without HTTP: all chunks, as they are made. */
  async writer() {
    const { PageFamilies, PrometheusNaming, Recording, Slices, scalesOf, textPage } =
      await import('@afstatsd/prometheus/parts');
    const recording = new Recording(scalesOf({ bounds: BOUNDS }), { maxMetrics: 2 * COUNT });
    const families = new PageFamilies(new PrometheusNaming());
    const slices = new Slices();
    return {
      add(i, value) {
        const record = recording.ingest(metricOf(i, value));
        if (record !== undefined) families.add(record);
      },
      async page() {
        let bytes = 0;
        const chunks = textPage(families, { format: 'text', isHolding: false });
        for await (const chunk of slices.divided(chunks)) bytes += chunk.bytes.length;
        return bytes;
      },
    };
  },
  async 'prom-client'() {
    const prom = createRequire(import.meta.url)('prom-client');
    const labelNames = ['item', 'region'];
    const metrics = Array.from({ length: FAMILIES }, (_, i) =>
      what === 'counters'
        ? new prom.Counter({ name: `${promName(i)}_total`, help: 'h', labelNames })
        : new prom.Histogram({ name: `${promName(i)}_seconds`, help: 'h', labelNames, buckets: BOUNDS }),
    );
    const add =
      what === 'counters'
        ? (i, value) => metrics[i % FAMILIES].inc(labels(i), value)
        : (i, value) => metrics[i % FAMILIES].observe(labels(i), value / 1000);
    const server = createServer((request, response) => {
      void prom.register.metrics().then((page) => response.end(page));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
      add,
      url: `http://127.0.0.1:${server.address().port}/metrics`,
      page: async () => (await prom.register.metrics()).length,
    };
  },
};

const subject = await ways[way]();
const heapBefore = held();
for (let i = 0; i < COUNT; i++) subject.add(i, 3 + (i % 1000));
const bytesEach = (held() - heapBefore) / COUNT;
const watch = new TurnWatch();

async function answer({ encoding, accept }) {
  for (let i = 0; i < COUNT; i += 10) subject.add(i, 2);
  globalThis.gc();
  watch.start();
  const before = process.cpuUsage();
  let bytes = 0;
  if (encoding === 'none') {
    bytes = await subject.page();
  } else {
    const headers = { ...(encoding === 'gzip' && { 'accept-encoding': 'gzip' }), ...(accept && { accept }) };
    bytes = await read(subject.url, headers);
  }
  const { user, system } = process.cpuUsage(before);
  const { worst, worstCpu } = await watch.stop();
  process.send({ ms: (user + system) / 1000, hold: worst, holdCpu: worstCpu, bytes, bytesEach });
}
process.on('message', (asked) => void answer(asked));
process.send('ready');

function held() {
  for (let i = 0; i < 3; i++) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function read(url, headers) {
  return new Promise((resolve, reject) => {
    get(url, { headers, agent: false }, (response) => {
      let bytes = 0;
      response.on('data', (data) => (bytes += data.length)).on('end', () => resolve(bytes));
    }).on('error', reject);
  });
}
