// What it costs to count what runs in a request, in µs of CPU a request of an `http` server without a socket, in which a timed async
// function runs 20 times. Each case runs in processes of its own, because Node.js goes on following the context once it has begun.
//
//   node bench/request-calls.mjs [--json]
import { AsyncLocalStorage } from 'node:async_hooks';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { StatsdClient } from '@afstatsd/core';
import { HttpMetrics } from '@afstatsd/core/http';
import { compared, report } from './support/report.mjs';
import { IncomingMessage, ServerResponse } from 'node:http';

const PROCESSES = 5;
const ROUNDS = 8;
const ROUND_MS = 100;
const CALLS = 20;

const CASES = [
  { id: 'off', label: 'requests recorded, calls off' },
  { id: 'context', label: 'the same, in an AsyncLocalStorage that nobody asks' },
  { id: 'on', label: 'calls on' },
  { id: 'byHand', label: 'counted by hand in an AsyncLocalStorage' },
  { id: 'tags', label: 'requestTags: true, for comparison' },
];

const statsd = new StatsdClient({ transport: 'null:' });
const routeOf = () => '/orders';
const find = statsd.time('db.find', async () => {});

async function handle() {
  for (let i = 0; i < CALLS; i++) await find();
}

/** A request that has no connection, as tests have them. */
function serve(http, work) {
  const req = new IncomingMessage(null);
  const res = new ServerResponse(req);
  http.begin(req, res);
  const end = () => res.emit('finish');
  return (http.hasScope ? http.within(req, work) : work()).then(end);
}

function subjectOf(id) {
  if (id === 'on') {
    const http = new HttpMetrics({ statsd, calls: { warnAt: Infinity } }, routeOf);
    return () => serve(http, handle);
  }
  if (id === 'tags') {
    const http = new HttpMetrics({ statsd, requestTags: true }, routeOf);
    return () => serve(http, handle);
  }
  const http = new HttpMetrics({ statsd }, routeOf);
  if (id === 'off') return () => serve(http, handle);
  const storage = new AsyncLocalStorage();
  if (id === 'context') return () => serve(http, () => storage.run({}, handle));
  const calls = statsd.createTimer('calls');
  const counted = async () => {
    await find();
    storage.getStore().calls++;
  };
  const counting = async () => {
    for (let i = 0; i < CALLS; i++) await counted();
    calls.record(storage.getStore().calls);
  };
  return () => serve(http, () => storage.run({ calls: 0 }, counting));
}

async function measure(id) {
  const run = subjectOf(id);
  let quickest = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const end = performance.now() + ROUND_MS;
    const begin = process.cpuUsage();
    let requests = 0;
    for (; performance.now() < end; requests += 10) for (let i = 0; i < 10; i++) await run();
    const { user, system } = process.cpuUsage(begin);
    quickest = Math.min(quickest, (user + system) / requests);
    await statsd.flush();
  }
  return quickest;
}

const subject = process.argv.find((word) => CASES.some(({ id }) => id === word));
if (subject !== undefined) {
  console.log(await measure(subject));
} else {
  const us = Object.fromEntries(CASES.map(({ id }) => [id, Infinity]));
  // In turns, so that a busy while of the machine doesn't fall on one case.
  for (let round = 0; round < PROCESSES; round++) {
    for (const { id } of CASES) {
      const { status, stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), id], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      if (status !== 0) throw new Error(`${id} ended with ${status}`);
      us[id] = Math.min(us[id], Number(stdout));
    }
  }
  report({
    title: `µs of CPU a request with ${CALLS} timed calls, quickest of ${PROCESSES} processes; how much that is over calls off`,
    cases: CASES,
    ns: us,
    beside: (id) => (id === 'off' ? undefined : us[id] - us.off),
    expectations: [
      compared('calls on / off', us.on / us.off),
      compared('calls on / by hand', us.on / us.byHand),
    ],
  });
}
