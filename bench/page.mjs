// The Prometheus page of 100,000 counters with two labels, and of 10,000 timers with 14 bounds: CPU of the process that makes it,
// how long it holds the event loop, and bytes a series. Beside prom-client 15, and the build before if AFSTATSD_BEFORE names the
// folder of its collector. Each way has a process of its own, and they take turns.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { atMost, compared, printExpectations } from './support/report.mjs';
import { median } from './support/statistics.mjs';

const ROUNDS = 9;
const WARM_UP = 3;
const program = fileURLToPath(new URL('support/page-subject.mjs', import.meta.url));
const here = fileURLToPath(new URL('../packages/collector', import.meta.url));
const before = process.env.AFSTATSD_BEFORE;
const PROTOBUF =
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';

/** What is asked of each way. prom-client has no protobuf. */
const ASKED = {
  'register.metrics()': { ways: ['prom-client'], encoding: 'none' },
  HTTP: { ways: ['ours', 'prom-client', 'before'], encoding: 'identity' },
  'HTTP, gzip': { ways: ['ours'], encoding: 'gzip' },
  'HTTP, protobuf': { ways: ['ours'], encoding: 'identity', accept: PROTOBUF },
};

async function compare(what, count) {
  const children = {};
  for (const way of ['ours', 'prom-client', ...(before === undefined ? [] : ['before'])]) {
    const folder = way === 'before' ? before : here;
    const child = fork(program, [way, what, String(count), folder], { execArgv: ['--expose-gc'] });
    await once(child, 'message');
    children[way] = child;
  }
  const results = {};
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    for (const [asked, { ways, ...request }] of Object.entries(ASKED)) {
      for (const way of ways) {
        if (children[way] === undefined) continue;
        children[way].send(request);
        const [result] = await once(children[way], 'message');
        if (round >= WARM_UP) ((results[asked] ??= {})[way] ??= []).push(result);
      }
    }
  }
  for (const child of Object.values(children)) child.disconnect();
  for (const child of Object.values(children)) child.kill();
  return results;
}

const least = (list, key) => Math.min(...list.map((one) => one[key]));

function print(title, results) {
  console.log(`\n${title}`);
  const columns = ['CPU ms', 'of register.metrics()', 'longest hold, median', 'worst', 'MB', 'bytes a series'];
  console.log(''.padEnd(34) + columns.map((column) => column.padStart(23)).join(''));
  const peer = least(results['register.metrics()']['prom-client'], 'ms');
  for (const [asked, ways] of Object.entries(results)) {
    for (const [way, list] of Object.entries(ways)) {
      const holds = list.map(({ hold }) => hold);
      const cells = [
        least(list, 'ms').toFixed(0),
        (least(list, 'ms') / peer).toFixed(2),
        `${median(holds).toFixed(1)} ms`,
        `${Math.max(...holds).toFixed(1)} ms`,
        (list[0].bytes / 1e6).toFixed(1),
        list[0].bytesEach.toFixed(0),
      ];
      console.log(`${way}, ${asked}`.padEnd(34) + cells.map((cell) => cell.padStart(23)).join(''));
    }
  }
}

const expectations = [];
for (const [what, count, limit] of [
  ['counters', 100_000, 0.25],
  ['timers', 10_000, 0.5],
]) {
  const results = await compare(what, count);
  print(`${count.toLocaleString('en')} ${what}`, results);
  const peer = least(results['register.metrics()']['prom-client'], 'ms');
  const ours = results.HTTP.ours;
  expectations.push(
    atMost(`${what}: over HTTP / register.metrics()`, least(ours, 'ms') / peer, limit),
    atMost(`${what}: median of the longest holds, ms`, median(ours.map(({ hold }) => hold)), 20),
  );
  if (what === 'counters') expectations.push(atMost('bytes of heap and buffers a counter', ours[0].bytesEach, 500));
  if (results.HTTP.before !== undefined) {
    expectations.push(compared(`${what}: over HTTP / the build before`, least(ours, 'ms') / least(results.HTTP.before, 'ms')));
  }
}
printExpectations(expectations);
