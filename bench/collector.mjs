// The collector as a process, and what it takes from the queue and over UDP: samples a second, CPU and memory, and whether
// anything is lost. etsy's statsd 0.9 gets the same datagrams in the same run. The sender is a process of its own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort, startCollector, startEtsy } from './support/receivers.mjs';
import { median } from './support/statistics.mjs';

const METRICS = 200;
const QUEUE = `/afstatsd-bench-${process.pid}`;
const sender = fork(fileURLToPath(new URL('support/sample-sender.mjs', import.meta.url)));

/** Lines as services send them: of ten, five counters, three timers, a gauge and a set. */
function line(i, tags) {
  const name = `bench.shop.${i % METRICS}`;
  const kind = i % 10;
  if (kind < 5) return { text: `${name}.orders:1|c${tags}`, counted: 1, timed: 0 };
  if (kind < 8) return { text: `${name}.checkout:${(i * 37) % 500}|ms${tags}`, counted: 0, timed: 1 };
  if (kind === 8) return { text: `${name}.cart:${i % 50}|g${tags}`, counted: 0, timed: 0 };
  return { text: `${name}.customers:u${i % 1000}|s${tags}`, counted: 0, timed: 0 };
}

/** Messages of so many lines, and what each one adds up to. */
function messagesOf(lines, { separator = '\n', tags = '' } = {}) {
  return Array.from({ length: 100 }, (_, message) => {
    const all = Array.from({ length: lines }, (_, i) => line(message * lines + i, tags));
    return {
      text: all.map(({ text }) => text).join(separator),
      counted: all.reduce((sum, { counted }) => sum + counted, 0),
      timed: all.reduce((sum, { timed }) => sum + timed, 0),
    };
  });
}

/** Sends to a receiver, and says what it cost there and what was lost. */
async function run(receiver, to, { lines, rate, ms, ...form }) {
  const messages = messagesOf(lines, form);
  const before = { cpu: receiver.cpu(), ...receiver.totals };
  sender.send({ to, rate: rate / lines, ms, messages: messages.map(({ text }) => text) });
  const [{ sent, time, full }] = await once(sender, 'message');
  const of = (key) => sent.reduce((sum, count, i) => sum + count * messages[i][key], 0);
  const expected = { counted: of('counted'), timed: of('timed') };
  await receiver.settled({
    counted: before.counted + expected.counted,
    timed: before.timed + expected.timed,
  });
  const number = sent.reduce((sum, count) => sum + count, 0);
  const samples = number * lines;
  const arrived = receiver.totals.counted - before.counted + (receiver.totals.timed - before.timed);
  const cpu = receiver.cpu() - before.cpu;
  return {
    messages: number,
    samples,
    perSecond: (1000 * samples) / time,
    messagesPerSecond: (1000 * number) / time,
    lost: expected.counted + expected.timed - arrived,
    of: expected.counted + expected.timed,
    cpuPerSample: (1000 * cpu) / samples, // µs
    load: cpu / time, // cores, with what came after the last message
    memory: receiver.memory(),
    full,
  };
}

const number = (value, digits = 0) =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const columns = ['samples/s', 'messages/s', 'CPU µs/sample', 'cores', 'MB', 'lost of counted and timed'];
const widths = [11, 12, 15, 7, 6, 28];
const print = (title, cells) =>
  console.log(title.padEnd(46) + cells.map((cell, i) => cell.padStart(widths[i])).join(''));

function printRun(title, { perSecond, messagesPerSecond, cpuPerSample, load, memory, lost, of }) {
  print(title, [
    number(perSecond),
    number(messagesPerSecond),
    number(cpuPerSample, 2),
    number(load, 2),
    number(memory),
    `${number(lost)} of ${number(of)}`,
  ]);
}

/** The round with the middle CPU time, and what was lost in all of them. */
function middleOf(rounds) {
  const middle = median(rounds.map(({ cpuPerSample }) => cpuPerSample));
  const sum = (key) => rounds.reduce((total, round) => total + round[key], 0);
  return {
    ...rounds.find(({ cpuPerSample }) => cpuPerSample === middle),
    lost: sum('lost'),
    of: sum('of'),
  };
}

const expectations = [];
const expect = (met, text) => expectations.push(`${met ? 'met    ' : 'NOT MET'} ${text}`);

console.log(`Node ${process.version}; ${METRICS} metrics; each receiver prints them once a second, as JSON`);
print('', columns);

const ROUNDS = 3; // in which the two take turns
// At rates, in lines a second, that neither loses.
const forms = [
  { title: 'UDP, 10 lines a datagram', lines: 10, rate: 40_000, tags: '' },
  { title: 'UDP, 10 lines with 2 tags', lines: 10, rate: 40_000, tags: '|#region:eu,method:card' },
  { title: 'UDP, 1 line a datagram', lines: 1, rate: 20_000, tags: '' },
];
const ports = { etsy: await freePort(), collector: await freePort() };
const starts = {
  etsy: () => startEtsy(ports.etsy),
  collector: () => startCollector('--queue', 'off', '--udp', `127.0.0.1:${ports.collector}`),
};
for (const { title, ...form } of forms) {
  const receivers = { etsy: await starts.etsy(), collector: await starts.collector() };
  const rounds = { etsy: [], collector: [] };
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, receiver] of Object.entries(receivers)) {
      const result = await run(receiver, { port: ports[name] }, { ...form, ms: round < 0 ? 1500 : 700 });
      if (round >= 0) rounds[name].push(result); // before, code is compiled
    }
  }
  const cost = { etsy: middleOf(rounds.etsy), collector: middleOf(rounds.collector) };
  printRun(`${title}: etsy statsd`, cost.etsy);
  printRun(`${title}: collector`, cost.collector);
  await Promise.all(Object.values(receivers).map((receiver) => receiver.stop()));
  const ratio = cost.collector.cpuPerSample / cost.etsy.cpuPerSample;
  expect(
    ratio <= 1,
    `${title}: the collector takes no more CPU a line than etsy's statsd (ratio ${number(ratio, 2)})`,
  );
}

for (const [name, start] of Object.entries(starts)) {
  const receiver = await start();
  let best;
  await run(receiver, { port: ports[name] }, { lines: 25, rate: 40_000, ms: 500 });
  for (const rate of [100_000, 200_000, 400_000]) {
    const result = await run(receiver, { port: ports[name] }, { lines: 25, rate, ms: 500 });
    if (result.lost > 0) break;
    best = result;
  }
  const title = `UDP, 25 lines a datagram, most without loss: ${name === 'etsy' ? 'etsy' : name}`;
  if (best === undefined) console.log(`${title}: it loses at 100,000 lines a second`);
  else printRun(title, best);
  await receiver.stop();
}

const collector = await startCollector('--udp', 'off', '--queue', QUEUE, '--unlink');
const bundle = { lines: 60, separator: '::' };
await run(collector, { queue: QUEUE }, { ...bundle, rate: 200 * bundle.lines, ms: 1000 });
const steady = await run(collector, { queue: QUEUE }, { ...bundle, rate: 200 * bundle.lines, ms: 2500 });
printRun('queue, 200 messages a second', steady);
const fastest = await run(collector, { queue: QUEUE }, { ...bundle, rate: 0, ms: 2500 });
printRun('queue, as fast as one core sends', fastest);
await collector.stop();
expect(steady.lost === 0, 'nothing is lost from the queue at 200 messages a second');
expect(fastest.lost === 0, 'nothing is lost from the queue, however fast it is filled');

console.log(`\n${expectations.join('\n')}`);
sender.disconnect();
