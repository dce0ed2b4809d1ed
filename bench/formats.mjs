// What a flush of 100,000 counters with two tags costs on each way: CPU of this process, time, messages, bytes, and how long it
// holds the event loop. The receivers are processes of their own, and the UDP formats go at their ordinary pace, so that nothing
// is lost.
//
//   node bench/formats.mjs [CHECKOUT]   beside the build in another checkout, round by round
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as now from '@afstatsd/core';
import { printExpectations, atMost } from './support/report.mjs';
import { median } from './support/statistics.mjs';
import { TurnWatch } from './support/turn-watch.mjs';

const METRICS = 100_000;
const ROUNDS = 3;
/** Rounds at the beginning that don't count: code is compiled in them. */
const WARM = 1;
const FEW = 1000; // counters
const FEW_LIMIT = 100; // ms
const UDP_FORMATS = ['etsy', 'dogstatsd', 'influx', 'graphite'];

const [, , checkout] = process.argv;
const builds = { now };
if (checkout !== undefined) {
  const index = join(resolve(checkout), 'packages/core/dist/src/index.js');
  builds.before = await import(pathToFileURL(index).href);
}

const udp = fork(new URL('support/line-counter.mjs', import.meta.url));
const [port] = await once(udp, 'message');
const ways = [];
for (const build of Object.keys(builds)) {
  ways.push(await queueWay(build, 'queue', {}));
  if (build === 'now') {
    ways.push(await queueWay(build, "queue, tags: 'fold'", { tags: 'fold' }));
    ways.push(await queueWay(build, "queue, service: 'shop'", {}, 'shop'));
  }
  for (const format of UDP_FORMATS) ways.push(udpWay(build, format));
}
for (let round = 0; round < WARM + ROUNDS; round++) {
  for (const way of ways) await measure(way, round >= WARM);
}
print();
const few = await flushFew();
for (const way of ways) await way.close();
udp.disconnect();
printExpectations([
  atMost(`ms, ${FEW} counters with two tags into a queue of 10 that is read`, few, FEW_LIMIT),
  atMost('bytes of two tags over the queue / folded', ways[0].bytes.at(-1) / ways[1].bytes.at(-1), 1.6),
]);

/** A way over a queue of its own, 10 messages deep, and a process that reads it as fast as it can. */
async function queueWay(build, name, options, service = false) {
  const queue = `/afstatsd-bench-${process.pid}-${ways.length}`;
  const reader = fork(new URL('support/queue-reader.mjs', import.meta.url), [queue, 'Infinity']);
  await once(reader, 'message');
  const { AFTransport } = builds[build];
  const way = newWay(build, name, () => new AFTransport({ queue, fallback: false, ...options }));
  // An older build has no such option.
  if (build === 'now') way.options = { service };
  way.close = async () => {
    reader.send('end');
    const [{ sums }] = await once(reader, 'message');
    const arrived = sums.reduce((total, [, sum]) => total + sum, 0);
    if (arrived !== way.sent) throw new Error(`${name}: ${arrived} of ${way.sent} have arrived`);
  };
  return way;
}

function udpWay(build, format) {
  const { UDPTransport } = builds[build];
  const way = newWay(build, format, () => new UDPTransport({ port, format }));
  if (build === 'now') way.options = { service: false };
  way.settle = async () => {
    udp.send('lines');
    const [lines] = await once(udp, 'message');
    if (lines !== METRICS) console.log(`(${format}: ${lines} of ${METRICS} lines have arrived)`);
  };
  return way;
}

function newWay(build, name, transport) {
  const figures = { cpu: [], time: [], messages: [], bytes: [], hold: [] };
  return {
    build,
    name,
    transport,
    options: {},
    ...figures,
    sent: 0,
    settle: async () => {},
    close: async () => {},
  };
}

async function measure(way, counts) {
  const watch = new TurnWatch();
  // Watching takes CPU time itself, so a flush is either watched or measured.
  for (const watched of [false, true]) {
    const { StatsdClient } = builds[way.build];
    const statsd = new StatsdClient({
      transport: way.transport(),
      interval: 3_600_000,
      maxMetrics: METRICS,
      handleSignals: false,
      ...way.options,
    });
    record(statsd, METRICS);
    if (watched) watch.start();
    const begin = { cpu: process.cpuUsage(), time: performance.now() };
    await statsd.flush({ timeout: 60_000 });
    const { user, system } = process.cpuUsage(begin.cpu);
    const time = performance.now() - begin.time;
    const held = watched ? await watch.stop() : undefined;
    const { transport, pending, sent } = statsd.stats();
    if (pending > 0) throw new Error(`${way.name}: ${pending} samples were not sent within a minute`);
    way.sent += sent;
    await statsd.shutdown();
    await way.settle();
    if (!counts) continue;
    if (held !== undefined) way.hold.push(held.worstCpu);
    else {
      way.cpu.push((user + system) / 1000);
      way.time.push(time);
      way.messages.push(transport.messages);
      way.bytes.push(transport.bytes);
    }
  }
}

function record(statsd, count) {
  for (let i = 0; i < count; i++)
    statsd.increment(`shop.orders.${i >> 4}`, { tags: { shard: i & 15, region: 'eu' } });
}

function print() {
  console.log(
    `Node ${process.version}: a flush of ${METRICS.toLocaleString('en')} counters with two tags, median of ${ROUNDS}`,
  );
  const columns = ['CPU ms', 'time ms', 'messages', 'bytes a metric', 'longest hold, CPU ms'];
  console.log(`${''.padEnd(30)}${columns.map((text) => text.padStart(text.length + 3)).join('')}`);
  for (const { build, name, cpu, time, messages, bytes, hold } of ways) {
    const figures = [
      median(cpu).toFixed(0),
      median(time).toFixed(0),
      String(median(messages)),
      (median(bytes) / METRICS).toFixed(1),
      Math.max(...hold).toFixed(1),
    ];
    const title = build === 'now' ? name : `${name}, the build ${build}`;
    console.log(title.padEnd(30) + figures.map((text, at) => text.padStart(columns[at].length + 3)).join(''));
  }
}

/** How long a flush of a few counters takes over a queue, in ms. */
async function flushFew() {
  const [way] = ways;
  const statsd = new now.StatsdClient({
    transport: way.transport(),
    interval: 3_600_000,
    handleSignals: false,
    ...way.options,
  });
  const times = [];
  for (let round = 0; round < 20; round++) {
    record(statsd, FEW);
    const begin = performance.now();
    const { sent } = await statsd.flush();
    times.push(performance.now() - begin);
    way.sent += sent;
  }
  await statsd.shutdown();
  return median(times);
}
