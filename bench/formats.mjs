// What a flush of 100,000 metrics costs in each format: CPU of this process, time, datagrams and bytes. The receiver is a
// process of its own that only counts, and the UDP formats go at their ordinary pace, so that it loses nothing.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { StatsdClient, UDPTransport } from '@afstatsd/core';
import { median } from './support/statistics.mjs';

const METRICS = 100_000;
const ROUNDS = 3;

if (process.argv[2] === 'receiver') await receive();
else await main();

async function main() {
  const receiver = fork(fileURLToPath(import.meta.url), ['receiver']);
  const [port] = await once(receiver, 'message');
  console.log(
    `Node ${process.version}: a flush of ${METRICS.toLocaleString('en')} counters with two tags, median of ${ROUNDS}`,
  );
  console.log('format      CPU ms   time ms   datagrams   bytes a metric   lines that arrived');
  for (const format of ['etsy', 'dogstatsd', 'influx', 'graphite']) {
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await flush(format, port, receiver));
    const of = (key) => median(rounds.map((result) => result[key]));
    console.log(
      format.padEnd(10),
      of('cpu').toFixed(0).padStart(7),
      of('time').toFixed(0).padStart(9),
      String(of('messages')).padStart(11),
      (of('bytes') / METRICS).toFixed(1).padStart(16),
      rounds
        .map(({ lines }) => lines.toLocaleString('en'))
        .join(', ')
        .padStart(30),
    );
  }
  receiver.disconnect();
}

async function flush(format, port, receiver) {
  const statsd = new StatsdClient({
    transport: new UDPTransport({ port, format }),
    maxMetrics: METRICS,
    handleSignals: false,
  });
  for (let i = 0; i < METRICS; i++)
    statsd.increment(`shop.orders.${i >> 4}`, { tags: { shard: i & 15, region: 'eu' } });
  const begin = { cpu: process.cpuUsage(), time: performance.now() };
  await statsd.flush({ timeout: 60_000 });
  const { user, system } = process.cpuUsage(begin.cpu);
  const time = performance.now() - begin.time;
  const { messages, bytes } = statsd.stats().transport;
  await statsd.shutdown();
  receiver.send('lines');
  const [lines] = await once(receiver, 'message');
  return { cpu: (user + system) / 1000, time, messages, bytes, lines };
}

async function receive() {
  const { createSocket } = await import('node:dgram');
  const socket = createSocket('udp4');
  let lines = 0;
  socket.on('message', (bytes) => {
    if (bytes.length > 0) lines += bytes.toString('latin1').split('\n').length;
  });
  socket.bind(0, '127.0.0.1', () => process.send(socket.address().port));
  process.on('message', () => {
    // What is in the socket still comes first.
    setTimeout(() => {
      process.send(lines);
      lines = 0;
    }, 200);
  });
  process.on('disconnect', () => socket.close());
}
