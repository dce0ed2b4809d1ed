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
const PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';

/** What is asked of each process. prom-client has no protobuf. */
const ASKED = {
  'prom-client, register.metrics()': { of: 'prom-client', encoding: 'none' },
  ours: { of: 'writer', encoding: 'none' },
  'prom-client, over HTTP': { of: 'prom-client', encoding: 'identity' },
  'ours, over HTTP': { of: 'ours', encoding: 'identity' },
  'the build before, over HTTP': { of: 'before', encoding: 'identity' },
  'ours, over HTTP, gzip': { of: 'ours', encoding: 'gzip' },
  'ours, over HTTP, protobuf': { of: 'ours', encoding: 'identity', accept: PROTOBUF },
};
const PEER = 'prom-client, register.metrics()';

/** The way and the folder of each process. */
const PROCESSES = {
  writer: ['writer', here],
  ours: ['output', here],
  'prom-client': ['prom-client', here],
  ...(before === undefined ? {} : { before: ['output', before] }),
};

async function compare(what, count) {
  const children = {};
  for (const [process, [way, folder]] of Object.entries(PROCESSES)) {
    const child = fork(program, [way, what, String(count), folder], { execArgv: ['--expose-gc'] });
    await once(child, 'message');
    children[process] = child;
  }
  const results = {};
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    for (const [asked, { of, ...request }] of Object.entries(ASKED)) {
      if (children[of] === undefined) continue;
      children[of].send(request);
      const [result] = await once(children[of], 'message');
      if (round >= WARM_UP) (results[asked] ??= []).push(result);
    }
  }
  for (const child of Object.values(children)) child.disconnect();
  for (const child of Object.values(children)) child.kill();
  return results;
}

const least = (list, key) => Math.min(...list.map((one) => one[key]));

function print(title, results) {
  console.log(`\n${title}`);
  const columns = [
    'CPU ms',
    'of register.metrics()',
    'longest hold, median',
    'its CPU, median',
    'worst',
    'MB',
    'bytes a series',
  ];
  console.log(''.padEnd(34) + columns.map((column) => column.padStart(23)).join(''));
  const peer = least(results[PEER], 'ms');
  for (const [asked, list] of Object.entries(results)) {
    const holds = list.map(({ hold }) => hold);
    const cells = [
      least(list, 'ms').toFixed(0),
      (least(list, 'ms') / peer).toFixed(2),
      `${median(holds).toFixed(1)} ms`,
      `${median(list.map(({ holdCpu }) => holdCpu)).toFixed(1)} ms`,
      `${Math.max(...holds).toFixed(1)} ms`,
      (list[0].bytes / 1e6).toFixed(1),
      list[0].bytesEach.toFixed(0),
    ];
    console.log(asked.padEnd(34) + cells.map((cell) => cell.padStart(23)).join(''));
  }
}

const expectations = [];
for (const [what, count, limit] of [
  ['counters', 100_000, 0.25],
  ['timers', 10_000, 0.5],
]) {
  const results = await compare(what, count);
  print(`${count.toLocaleString('en')} ${what}`, results);
  const peer = least(results[PEER], 'ms');
  const [page, overHttp] = [results.ours, results['ours, over HTTP']];
  expectations.push(
    atMost(`${what}: ours / register.metrics()`, least(page, 'ms') / peer, limit),
    atMost(`${what}: ours, over HTTP / register.metrics()`, least(overHttp, 'ms') / peer, limit),
    atMost(`${what}: median of the longest holds, ms`, median(overHttp.map(({ hold }) => hold)), 20),
  );
  if (what === 'counters') {
    expectations.push(atMost('bytes of heap and buffers a counter', overHttp[0].bytesEach, 500));
  }
  const earlier = results['the build before, over HTTP'];
  if (earlier !== undefined) {
    expectations.push(
      compared(`${what}: over HTTP / the build before`, least(overHttp, 'ms') / least(earlier, 'ms')),
    );
  }
}
printExpectations(expectations);
