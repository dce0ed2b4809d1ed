// Whether the hot path is as before where there are no rules, and what it costs with rules. Each variant is a process of its own, and
// they take turns: in one process, two clients of one build share what V8 learns of its code, and the older build has one alone.
//
//   node bench/rules.mjs
//   BEFORE=/path/to/an/older/checkout node bench/rules.mjs    with the calls of an older build beside
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './support/statistics.mjs';

const PROCESSES = 7;
const WINDOWS = 100;
const CALLS = 20_000;
const RULES = [
  { match: 'debug.*', deny: true },
  { match: 'old.*', rename: 'new.$1' },
  { match: '*', drop: ['pod'], limit: { user: 100 } },
];
const VARIANTS = {
  ...(process.env.BEFORE !== undefined && {
    before: { from: join(process.env.BEFORE, 'packages/core/dist/src/index.js') },
  }),
  'no rules': { from: '@afstatsd/core' },
  rules: { from: '@afstatsd/core', rules: RULES },
};

const [, , asked] = process.argv;
if (asked === undefined) compare();
else console.log(JSON.stringify(measure(VARIANTS[asked])));

/** ns of each case in this process. */
function measure({ from, ...options }) {
  const { NullTransport, StatsdClient } = createRequire(import.meta.url)(from);
  const statsd = new StatsdClient({ transport: new NullTransport(), interval: Infinity, ...options });
  const bound = statsd.createCounter('bound');
  const [get, post] = [{ tags: { method: 'get', route: '/' } }, { tags: { method: 'post', route: '/' } }];
  const cases = {
    increment: (at) => statsd.increment(at % 2 === 0 ? 'hits' : 'orders'),
    tagged: (at) => statsd.increment('requests', at % 2 === 0 ? get : post),
    timing: (at) => statsd.timing('load', at % 100),
    gauge: (at) => statsd.gauge('size', at),
    bound: () => bound.increment(),
    denied: () => statsd.increment('debug.loops'),
    renamed: () => statsd.increment('old.hits'),
  };
  const figures = {};
  for (const [name, call] of Object.entries(cases)) {
    const times = [];
    for (let at = 0; at < WINDOWS; at++) {
      const began = process.hrtime.bigint();
      for (let step = 0; step < CALLS; step++) call(step);
      times.push(Number(process.hrtime.bigint() - began) / CALLS);
    }
    // A low quantile, because other programs only ever make a window longer.
    figures[name] = times.sort((a, b) => a - b)[Math.floor(WINDOWS / 10)];
  }
  return figures;
}

function compare() {
  const all = Object.fromEntries(Object.keys(VARIANTS).map((variant) => [variant, []]));
  for (let at = 0; at < PROCESSES; at++) {
    for (const [variant, runs] of Object.entries(all)) {
      const { stdout, stderr, status } = spawnSync(
        process.execPath,
        [fileURLToPath(import.meta.url), variant],
        { encoding: 'utf8' },
      );
      if (status !== 0) throw new Error(stderr);
      runs.push(JSON.parse(stdout));
    }
  }
  const table = Object.fromEntries(
    Object.entries(all).map(([variant, runs]) => [
      variant,
      Object.fromEntries(
        Object.keys(runs[0]).map((name) => [name, median(runs.map((run) => run[name])).toFixed(1)]),
      ),
    ]),
  );
  console.log(`Node ${process.version}: ns a call, median of ${PROCESSES} processes`);
  console.table(table);
}
