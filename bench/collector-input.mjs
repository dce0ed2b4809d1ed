// What a sample costs the collector that comes over UDP, in CPU time of the whole process, beside etsy's statsd 0.9, netdata
// where it is installed, and the build before (AFSTATSD_BENCH_BEFORE: a built checkout of another commit). All of them run at
// once and take turns; the least of the rounds counts, since others on the machine can only add to it.
//   node bench/collector-input.mjs [shapes|names|drops|clients]...
import { fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { collector, etsy, hasNetdata, netdata } from './support/input-servers.mjs';
import { median } from './support/statistics.mjs';

const ROUNDS = 3;
/** Rounds before, in which code is compiled. */
const WARM_UP = 3;
/** Datagrams that are sent before the sender looks whether they were read. */
const GROUP = 100;
const BEFORE = process.env.AFSTATSD_BENCH_BEFORE;

const sender = createSocket({ type: 'udp4', sendBufferSize: 1 << 20 });

/** Seven counters of ten, two more, and a gauge. */
function line(i, { names = 400, tags }) {
  const kind = ['web', 'api', 'jobs'][i % 3];
  const name = `shop.${kind}.service${i % names}`;
  const sample = i % 10 < 7 ? `.calls:${i % 7}|c` : i % 10 < 9 ? `.rows:${i % 7}|c` : `.took:${i % 90}|g`;
  return name + sample + (tags ? `|#region:r${i % 4},tier:t${i % 3}` : '');
}

/** @param series - after so many lines they begin again. Default: never. */
function datagrams(count, lines, { series = Infinity, ...form }) {
  return Array.from({ length: count }, (_, at) =>
    Buffer.from(Array.from({ length: lines }, (_, i) => line((at * lines + i) % series, form)).join('\n')),
  );
}

/** Sends in groups, and waits while much waits to be read. */
async function feed(server, list) {
  for (const [i, datagram] of list.entries()) {
    if (i % GROUP < GROUP - 1) sender.send(datagram, server.port, '127.0.0.1');
    else {
      await new Promise((done) => sender.send(datagram, server.port, '127.0.0.1', done));
      while (server.waiting() > 20_000) await delay(1);
    }
  }
  while (server.waiting() > 0) await delay(1);
  await delay(500); // what is handed over late is part of it
}

async function servers() {
  const all = [await etsy(), await collector('collector')];
  if (BEFORE !== undefined)
    all.push(await collector('before', join(BEFORE, 'packages/collector/dist/src/main.js')));
  const third = hasNetdata ? await netdata() : undefined;
  if (third === undefined) console.log('netdata is not here');
  else all.push(third);
  return all;
}

/** µs a sample of each server: the least of the rounds, and their median. */
async function measure(all, list, samples, rounds = ROUNDS) {
  const costs = new Map(all.map(({ name }) => [name, []]));
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const server of round % 2 === 0 ? all : all.toReversed()) {
      const [before, droppedBefore] = [server.cpu(), server.dropped()];
      await feed(server, list);
      const read = list.length - (server.dropped() - droppedBefore);
      if (round >= 0) costs.get(server.name).push((server.cpu() - before) / ((samples * read) / list.length));
    }
  }
  return Object.fromEntries(
    [...costs].map(([name, list]) => [name, { least: Math.min(...list), middle: median(list) }]),
  );
}

const us = (value) => value.toFixed(2).padStart(7);
const expectations = [];
const expect = (met, text) => expectations.push(`${met ? 'met    ' : 'NOT MET'} ${text}`);

async function shapes() {
  const all = await servers();
  const forms = [
    { title: 'one line', count: 20_000, lines: 1, tags: false, most: 1 / 3 },
    { title: 'one line with 2 tags', count: 20_000, lines: 1, tags: true, most: 1 / 3 },
    { title: 'ten lines', count: 6_000, lines: 10, tags: false, most: 1 / 4 },
    { title: 'ten lines with 2 tags', count: 6_000, lines: 10, tags: true, most: 1 / 5 },
  ];
  for (const { title, count, lines, tags, most } of forms) {
    const costs = await measure(all, datagrams(count, lines, { tags }), count * lines);
    for (const [name, { least, middle }] of Object.entries(costs)) {
      const share = (least / costs.etsy.least).toFixed(2);
      console.log(
        `${title.padEnd(24)}${name.padEnd(12)}${us(least)} µs a sample (median${us(middle)})  ${share} of etsy's`,
      );
    }
    const ratio = costs.collector.least / costs.etsy.least;
    expect(
      ratio <= most,
      `${title}: at most ${most.toFixed(2)} of etsy's CPU time a sample (${ratio.toFixed(2)})`,
    );
    if (costs.netdata !== undefined && !tags) {
      const toNetdata = costs.collector.least / costs.netdata.least;
      expect(toNetdata <= 2, `${title}: at most twice netdata's (${toNetdata.toFixed(2)})`);
    }
  }
  for (const server of all) {
    console.log(`${server.name}: the kernel dropped ${server.dropped()} datagrams`);
    await server.stop();
  }
}

/** Ten lines with two tags a datagram, of so many series, each of which comes once before it comes again. */
async function names() {
  for (const series of [1e3, 1e4, 1e5, 1e6]) {
    const all = [];
    for (const [name, main] of builds()) all.push(await collector(name, main));
    const empty = all.map((server) => server.resident());
    const lines = Math.max(1e5, series);
    const list = datagrams(lines / 10, 10, { series, names: series, tags: true });
    const costs = await measure(all, list, lines, series > 1e5 ? 1 : 3);
    for (const [at, [name, { least, middle }]] of Object.entries(costs).entries()) {
      const memory = ((all[at].resident() - empty[at]) / 1e6).toFixed(0);
      console.log(
        `${String(series).padStart(8)} series  ${name.padEnd(12)}${us(least)} µs a sample (median${us(middle)}), ${memory} MB more`,
      );
    }
    for (const server of all) await server.stop();
  }
}

/** So many one-line datagrams a second, for three seconds. */
async function drops() {
  for (const rate of [20_000, 60_000, 120_000]) {
    for (const start of [etsy, () => collector('collector')]) {
      const server = await start();
      const list = datagrams(400, 1, {});
      const [began, before] = [performance.now(), server.cpu()];
      let sent = 0;
      while (performance.now() - began < 3000) {
        const due = ((performance.now() - began) * rate) / 1000;
        while (sent < due - 1) sender.send(list[sent++ % 400], server.port, '127.0.0.1');
        await new Promise((done) => sender.send(list[sent++ % 400], server.port, '127.0.0.1', done));
      }
      await delay(500);
      const dropped = server.dropped();
      const cost = (server.cpu() - before) / (sent - dropped);
      const share = ((100 * dropped) / sent).toFixed(2);
      const reached = ((1000 * sent) / 3000).toFixed(0);
      console.log(
        `${rate} a second (${reached} reached)  ${server.name.padEnd(12)}dropped ${share} %  ${us(cost)} µs CPU a datagram`,
      );
      await server.stop();
    }
  }
}

/** Tells clients to flush so many times each, and returns how many messages they have sent so far. */
async function flush(clients, rounds) {
  const answers = clients.map((client) => once(client, 'message'));
  for (const client of clients) client.send(rounds);
  return (await Promise.all(answers)).reduce((sum, [messages]) => sum + messages, 0);
}

/** So many processes, into one queue and one port, each with a hundred counters of its own, ten a message. */
async function clients() {
  const [counters, rounds, warmUp] = [100, 640, 4];
  const queue = `/afstatsd-bench-${process.pid}`;
  const program = fileURLToPath(new URL('support/input-client.mjs', import.meta.url));
  for (const way of ['queue', 'udp']) {
    for (const number of [1, 8, 64]) {
      for (const [name, main] of builds()) {
        const flags = way === 'queue' ? ['--udp', 'off', '--queue', queue, '--unlink'] : [];
        const server = await collector(name, main, flags);
        const port = way === 'queue' ? 0 : server.port;
        const all = Array.from({ length: number }, (_, i) => fork(program, [queue, String(port), String(i)]));
        await Promise.all(all.map((client) => once(client, 'message')));
        const messagesBefore = await flush(all, warmUp);
        await delay(1500);
        const before = server.cpu();
        const messages = (await flush(all, rounds / number)) - messagesBefore;
        await delay(1500);
        const cost = (server.cpu() - before) / (counters * rounds);
        const page = await server.page();
        const values = [...page.matchAll(/^client\S+_total\{[^}]*\} (\d+)/gm)].map(([, value]) =>
          Number(value),
        );
        const sent = counters * (rounds + warmUp * number);
        const lost = sent - values.reduce((sum, value) => sum + value, 0);
        console.log(
          `${way.padEnd(6)}${String(number).padStart(3)} clients  ${name.padEnd(12)}${us(cost)} µs a sample, ${messages} messages, ${lost} samples lost`,
        );
        if (way === 'queue') expect(lost === 0, `${number} clients: nothing is lost from the queue`);
        for (const client of all) client.send(0);
        await server.stop();
      }
    }
  }
}

/** This build, and the one before where there is one. */
function builds() {
  const list = [['collector', undefined]];
  if (BEFORE !== undefined) list.push(['before', join(BEFORE, 'packages/collector/dist/src/main.js')]);
  return list;
}

const PARTS = { shapes, names, drops, clients };
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PARTS);
for (const part of wanted) {
  console.log(`\n${part}`);
  await PARTS[part]();
}
console.log(`\n${expectations.join('\n')}`);
sender.close();
