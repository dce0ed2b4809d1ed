// How long a flush holds the event loop, measured from outside of it. 100,000 counters go into a real queue, 10 deep, that
// another process reads; other numbers of counters go into memory. The sums that arrive are checked.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { AFTransport, MemoryTransport, NullTransport, StatsdClient } from '@afstatsd/core';
import { median } from './support/statistics.mjs';
import { TurnWatch } from './support/turn-watch.mjs';

const ROUNDS = 8;
const LIMIT = 5; // ms
const NEVER = Infinity;
const TITLE = 50; // characters

const namesOf = (count) => Array.from({ length: count }, (_, i) => `service.counter.${i}`);
/** What the counter with this number is increased by in a round. */
const delta = (index, round) => ((index * 7) % 1000) + round + 1;

const watch = new TurnWatch();

/** Records all counters, has the interval come round, and watches the event loop until everything has left. */
async function flushOnce(statsd, names, round) {
  for (const [i, name] of names.entries()) statsd.updateStats(name, delta(i, round));
  await delay(20);
  watch.start();
  const begin = performance.now();
  statsd.configure({ interval: 20 });
  await delay(21);
  statsd.configure({ interval: NEVER });
  const { pending } = await statsd.flush({ timeout: 60_000 });
  if (pending > 0) throw new Error(`${pending} samples were not sent within a minute`);
  const took = performance.now() - begin - 20;
  return { took, ...(await watch.stop()) };
}

async function flushOften(transport, names) {
  const statsd = new StatsdClient({ transport, interval: NEVER, maxMetrics: names.length + 1 });
  statsd.updateStats('warm.up', 0);
  await statsd.flush(); // loads koffi, which takes some 40 ms once
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await flushOnce(statsd, names, round));
  await statsd.shutdown();
  return rounds;
}

/** The same watch with nothing to flush: what the machine itself does to a turn. */
async function idle() {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    watch.start();
    await delay(500);
    rounds.push({ took: 500, ...(await watch.stop()) });
  }
  return rounds;
}

/** The first flush stands apart: code is compiled in it, and the counters that were just made are moved by the collector. */
function print(title, [first, ...rounds]) {
  const column = (key) => rounds.map((round) => round[key]);
  const ms = (value) => value.toFixed(1).padStart(10);
  const figures = [
    first.worst,
    median(column('took')),
    median(column('middle')),
    median(column('worst')),
    ...['worst', 'worstCpu', 'collection'].map((key) => Math.max(...column(key))),
  ];
  console.log(title.padEnd(TITLE) + figures.map(ms).join(''));
  return Math.max(...column('worstCpu'));
}

async function intoQueue(title, messagesPerSecond) {
  const queue = `/afstatsd-bench-${process.pid}-${messagesPerSecond}`;
  const reader = fork(new URL('support/queue-reader.mjs', import.meta.url), [queue, messagesPerSecond]);
  await once(reader, 'message');
  const names = namesOf(100_000);
  const worst = print(title, await flushOften(new AFTransport({ queue }), names));
  reader.send('end');
  const [{ messages, sums }] = await once(reader, 'message');
  const arrived = new Map(sums);
  const expected = (i) =>
    Array.from({ length: ROUNDS }, (_, round) => delta(i, round)).reduce((a, b) => a + b);
  const exact = names.filter((name, i) => arrived.get(name) === expected(i)).length;
  console.log(`  ${exact} of ${names.length} sums arrived exactly, in ${messages} messages`);
  return worst;
}

const memory = () => new MemoryTransport({ maxMessageBytes: 2048, maxMessages: 1 });

console.log(
  `Node ${process.version}: ms, of ${ROUNDS - 1} flushes each, and the worst hold of one before them`,
);
const columns = ['first', 'flush', 'a hold', 'worst', 'of all', 'its cpu', 'worst gc'];
console.log(''.padEnd(TITLE) + columns.map((text) => text.padStart(10)).join(''));
print('nothing to flush', await idle());
const slow = await intoQueue('100,000 into a queue, 2,000 messages a second', '2000');
const fast = await intoQueue('100,000 into a queue, as fast as it goes', 'Infinity');
for (const count of [1000, 100_000, 1_000_000]) {
  const names = namesOf(count);
  print(`${count.toLocaleString('en')} into memory`, await flushOften(memory(), names));
  print(`${count.toLocaleString('en')} to nowhere`, await flushOften(new NullTransport(), names));
}
const worst = Math.max(slow, fast);
console.log(
  `\n${worst < LIMIT ? 'met    ' : 'NOT MET'} 100,000 into a queue, after the first flush: at most ${LIMIT} ms (CPU time); it was ${worst.toFixed(1)}`,
);
