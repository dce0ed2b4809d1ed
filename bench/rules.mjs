// Whether the hot path is as before where there are no rules, and what it costs with rules: both builds in one process, in turns.
//
//   BEFORE=/path/to/an/older/checkout node bench/rules.mjs
//
// Without BEFORE the second build is this one again, which shows the noise.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const WINDOWS = 400;
const CALLS = 20_000;
const require = createRequire(import.meta.url);
const now = require('@afstatsd/core');
const before =
  process.env.BEFORE === undefined
    ? now
    : require(join(process.env.BEFORE, 'packages/core/dist/src/index.js'));

const RULES = [
  { match: 'debug.*', deny: true },
  { match: 'old.*', rename: 'new.$1' },
  { match: '*', drop: ['pod'], limit: { user: 100 } },
];

/** The calls of a client, one function a case. */
function casesOf({ NullTransport, StatsdClient }, options) {
  const statsd = new StatsdClient({ transport: new NullTransport(), interval: Infinity, ...options });
  const bound = statsd.createCounter('bound');
  const [get, post] = [{ tags: { method: 'get', route: '/' } }, { tags: { method: 'post', route: '/' } }];
  return {
    statsd,
    increment: (at) => statsd.increment(at % 2 === 0 ? 'hits' : 'orders'),
    tagged: (at) => statsd.increment('requests', at % 2 === 0 ? get : post),
    timing: (at) => statsd.timing('load', at % 100),
    gauge: (at) => statsd.gauge('size', at),
    bound: () => bound.increment(),
    denied: () => statsd.increment('debug.loops'),
    renamed: () => statsd.increment('old.hits'),
  };
}

const variants = {
  before: casesOf(before, {}),
  'no rules': casesOf(now, {}),
  rules: casesOf(now, { rules: RULES }),
};
const names = Object.keys(variants.rules).filter((name) => name !== 'statsd');

/** ns a call of one window. */
function window(call) {
  const began = process.hrtime.bigint();
  for (let at = 0; at < CALLS; at++) call(at);
  return Number(process.hrtime.bigint() - began) / CALLS;
}

const figures = Object.fromEntries(Object.keys(variants).map((variant) => [variant, {}]));
for (const name of names) {
  const times = Object.fromEntries(Object.keys(variants).map((variant) => [variant, []]));
  for (let at = 0; at < WINDOWS; at++) {
    for (const variant of Object.keys(variants)) times[variant].push(window(variants[variant][name]));
    for (const { statsd } of Object.values(variants)) void statsd.flush();
  }
  // A low quantile, because other programs only ever make a window longer.
  for (const [variant, list] of Object.entries(times)) {
    figures[variant][name] = list.sort((a, b) => a - b)[Math.floor(WINDOWS / 10)].toFixed(1);
  }
}
console.log('ns a call, the lowest tenth of windows');
console.table(figures);
// Flushes that are under way are of no use any more.
process.exit();
