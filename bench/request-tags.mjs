// What tags of a request cost: calls outside and within a request, the request itself, and each `await` of the process, with the
// option off and on. Node.js can't turn it off again, so each is a process of its own, in turns.
//
//   node bench/request-tags.mjs
//   BEFORE=/path/to/an/older/checkout node bench/request-tags.mjs    the same calls of an older build, which has no such tags
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atMost, report } from './support/report.mjs';

const PROCESSES = 7;
const WINDOWS = 60;
const CALLS = 20_000;
const TENANTS = Array.from({ length: 50 }, (_, at) => `tenant-${at}`);

const [, , state] = process.argv;
if (state === undefined) compare();
else console.log(JSON.stringify(await measure(state)));

/** ns of each case in this process. */
async function measure(state) {
  const require = createRequire(import.meta.url);
  const file =
    state === 'before' ? join(process.env.BEFORE, 'packages/core/dist/src/index.js') : '@afstatsd/core';
  const { NullTransport, StatsdClient } = require(file);
  const statsd = new StatsdClient({ transport: new NullTransport(), interval: Infinity });
  const tags = [{ tags: { method: 'get', route: '/' } }, { tags: { method: 'post', route: '/' } }];
  const held = statsd.createCounter('held');
  const calls = {
    name: (at) => statsd.increment(at % 2 === 0 ? 'hits' : 'orders'),
    tagged: (at) => statsd.increment('requests', tags[at % 2]),
    timing: (at) => statsd.timing('load', at % 100),
    held: () => held.increment(),
  };
  const figures = {};
  for (const [id, call] of Object.entries(calls)) figures[id] = quietest(() => timeOf(call));
  if (state === 'on') {
    const within = (fn) => statsd.withRequestTags({ tenant: 'acme', plan: 'pro' }, fn);
    within(() => {
      for (const [id, call] of Object.entries(calls)) figures[`${id}Within`] = quietest(() => timeOf(call));
      const { AsyncLocalStorage } = require('node:async_hooks');
      const storage = new AsyncLocalStorage();
      // Without tags of a request, an app has its own storage, and puts its tags into each call.
      const byHand = () => {
        const { tenant, plan } = storage.getStore();
        statsd.increment('by hand', { tags: { tenant, plan } });
      };
      storage.run({ tenant: 'acme', plan: 'pro' }, () => {
        figures.byHand = quietest(() => timeOf(byHand));
      });
    });
    for (const [id, call] of Object.entries(calls)) figures[`${id}Outside`] = quietest(() => timeOf(call));
    const nothing = () => {};
    figures.request = quietest(() =>
      timeOf((at) => statsd.withRequestTags({ tenant: TENANTS[at % 50], plan: 'pro' }, nothing)),
    );
  }
  figures.await = await quietestAsync(async () => {
    const settled = Promise.resolve();
    const began = process.hrtime.bigint();
    for (let at = 0; at < CALLS; at++) await settled;
    return Number(process.hrtime.bigint() - began) / CALLS;
  });
  return figures;
}

function timeOf(call) {
  const began = process.hrtime.bigint();
  for (let at = 0; at < CALLS; at++) call(at);
  return Number(process.hrtime.bigint() - began) / CALLS;
}

/** A low quantile, because other programs only ever make a window longer. */
function low(times) {
  return times.sort((a, b) => a - b)[Math.floor(times.length / 10)];
}

function quietest(time) {
  return low(Array.from({ length: WINDOWS }, time));
}

async function quietestAsync(time) {
  const times = [];
  for (let at = 0; at < WINDOWS; at++) times.push(await time());
  return low(times);
}

function compare() {
  const states = process.env.BEFORE === undefined ? ['off', 'on'] : ['before', 'off', 'on'];
  const all = Object.fromEntries(states.map((one) => [one, []]));
  for (let at = 0; at < PROCESSES; at++) {
    for (const one of states) {
      const { stdout, stderr, status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), one], {
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(stderr);
      all[one].push(JSON.parse(stdout));
    }
  }
  const ns = {};
  for (const [one, runs] of Object.entries(all)) {
    for (const id of Object.keys(runs[0])) {
      const values = runs.map((run) => run[id]).sort((a, b) => a - b);
      ns[`${one} ${id}`] = values[Math.floor(values.length / 2)];
    }
  }
  const LABELS = {
    name: 'a call by one name',
    tagged: 'a call with 2 tags',
    timing: 'a timing',
    held: 'a held counter',
    nameWithin: 'a call by one name, within a request',
    taggedWithin: 'a call with 2 tags, within a request',
    timingWithin: 'a timing, within a request',
    heldWithin: 'a held counter, within a request',
    nameOutside: 'a call by one name, outside of one',
    taggedOutside: 'a call with 2 tags, outside of one',
    timingOutside: 'a timing, outside of one',
    heldOutside: 'a held counter, outside of one',
    byHand: "a call with the tags of an app's own storage",
    request: 'withRequestTags, 2 tags',
    await: 'an await, outside',
  };
  const SAID = { before: 'the older build', off: 'never used', on: 'used' };
  report({
    title: `ns a call, median of ${PROCESSES} processes`,
    cases: Object.keys(ns).map((key) => {
      const [one, id] = key.split(' ');
      return { id: key, label: `${LABELS[id]} (${SAID[one]})` };
    }),
    ns,
    beside: () => undefined,
    expectations: [
      ...(process.env.BEFORE === undefined
        ? []
        : ['name', 'tagged', 'timing', 'held'].map((id) =>
            atMost(`${LABELS[id]}, never used / the older build`, ns[`off ${id}`] / ns[`before ${id}`], 1.1),
          )),
      atMost('a call by one name within a request / tags by hand', ns['on nameWithin'] / ns['on byHand'], 1),
    ],
    notes: [],
  });
}
