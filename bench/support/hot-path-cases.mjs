// The calls that hot-path.mjs times and allocation.mjs weighs: ours and our peers', each as a function to call often.
import dgram from 'node:dgram';
import { once } from 'node:events';
import { NullTransport, StatsdClient } from '@afstatsd/core';
import { StatsD } from 'hot-shots';
import prometheus from 'prom-client';

/** Durations in ms, as an app would measure them: a power of two of them, lognormal around 12. */
const DURATIONS = Float64Array.from({ length: 1024 }, () => {
  const normal = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  return 12 * Math.exp(0.8 * normal);
});

/** A client with default settings (aggregating, an interval of 20 s), whose flushes cost nothing. */
const client = (options) => new StatsdClient({ transport: new NullTransport(), ...options });

/** Names in random order, so that memory isn't walked from end to end. */
function shuffledNames(count) {
  const names = Array.from({ length: count }, (_, i) => `web.requests.${i}`);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [names[i], names[j]] = [names[j], names[i]];
  }
  return names;
}

function incrementOf(count) {
  const statsd = client();
  const names = shuffledNames(count);
  let at = 0;
  return () => {
    if (++at === count) at = 0;
    statsd.increment(names[at]);
  };
}

function incrementOfBuiltName() {
  const statsd = client();
  let at = 0;
  return () => {
    at = (at + 1) & 63;
    statsd.increment(`web.requests.${at}`);
  };
}

/**
 * Eight objects in turn, here and for counters: with a single one V8 merges the additions of a loop's turns into one,
 * which calls of an app never are.
 */
function bareAdd() {
  const sums = Array.from({ length: 8 }, () => ({ v: 0.5 })); // a double, as a counter's sum is
  let at = 0;
  return () => {
    at = (at + 1) & 7;
    sums[at].v += 1;
  };
}

function boundCounter() {
  const statsd = client();
  const counters = Array.from({ length: 8 }, (_, i) => statsd.createCounter(`web.requests.${i}`));
  let at = 0;
  return () => {
    at = (at + 1) & 7;
    counters[at].increment();
  };
}

/** The next duration, from the same list and at the same cost for each case. */
function durations() {
  let at = 0;
  return () => {
    at = (at + 1) & 1023;
    return DURATIONS[at];
  };
}

/**
 * A timer that is flushed every 1000 calls, and so keeps each value. The flush is in the time:
 * about 1 ns a call.
 */
function timingBelowLimit() {
  const statsd = client();
  let at = 0;
  return () => {
    at = (at + 1) & 1023;
    if (at === 0) void statsd.flush();
    else statsd.timing('web.latency', DURATIONS[at]);
  };
}

function timingInBuckets() {
  const statsd = client();
  const next = durations();
  return () => statsd.timing('web.latency', next());
}

function boundTimerInBuckets() {
  const timer = client().createTimer('web.latency');
  const next = durations();
  return () => timer.record(next());
}

function gaugeByName() {
  const statsd = client();
  const next = durations();
  return () => statsd.gauge('web.load', next());
}

const ROUTES = Array.from({ length: 16 }, (_, i) => `/api/v1/resource-${i}/:id`);
const METHODS = ['GET', 'POST'];

/** Tags as an app gives them: one object that it keeps, or a new one at each call, of 32 combinations. */
function constantTags(increment) {
  const options = { tags: { route: ROUTES[3], method: METHODS[0] } };
  return () => increment('http.requests', options);
}

function freshTags(increment) {
  let at = 0;
  return () => {
    at = (at + 1) & 31;
    increment('http.requests', { tags: { route: ROUTES[at & 15], method: METHODS[at >> 4] } });
  };
}

/** hot-shots takes tags as an argument of their own. */
const hotShotsTagged =
  (statsd) =>
  (name, { tags }) =>
    statsd.increment(name, 1, tags);

function setByName() {
  const statsd = client();
  const members = shuffledNames(100);
  let at = 0;
  return () => {
    if (++at === 100) at = 0;
    statsd.set('web.users', members[at]);
  };
}

/** @returns our calls, as `{ id, label, run }`. */
function ours() {
  const statsd = client();
  return [
    { id: 'bareAdd', label: 'a bare property add, o.v += 1', run: bareAdd() },
    { id: 'bound', label: 'bound counter', run: boundCounter() },
    { id: 'increment', label: 'increment, 1 name', run: () => statsd.increment('web.requests') },
    { id: 'increment100', label: 'increment, 100 names', run: incrementOf(100) },
    { id: 'increment10000', label: 'increment, 10,000 names', run: incrementOf(10_000) },
    { id: 'incrementBuilt', label: 'increment, name built at the call', run: incrementOfBuiltName() },
    { id: 'tagsConstant', label: 'increment, 2 tags, one object', run: constantTags(client().increment) },
    { id: 'tagsFresh', label: 'increment, 2 tags, a new object a call', run: freshTags(client().increment) },
    { id: 'timing', label: 'timing, each value kept', run: timingBelowLimit() },
    { id: 'timingBuckets', label: 'timing, in buckets', run: timingInBuckets() },
    { id: 'timingBound', label: 'bound timer, in buckets', run: boundTimerInBuckets() },
    { id: 'gauge', label: 'gauge', run: gaugeByName() },
    { id: 'set', label: 'set, 100 members', run: setByName() },
  ];
}

/** hot-shots sends over UDP to a socket of this program. Not `mock`, which keeps every message. */
function hotShotsCases(port) {
  const connect = (options) => new StatsD({ host: '127.0.0.1', port, errorHandler: () => {}, ...options });
  const aggregating = connect({ aggregation: true, maxBufferSize: 1432 });
  const buffering = connect({ maxBufferSize: 1432 });
  const plain = connect();
  const next = durations();
  return {
    close: () => [aggregating, buffering, plain].forEach((statsd) => statsd.close()),
    cases: [
      {
        id: 'hotShotsIncrement',
        label: 'hot-shots increment, aggregation',
        run: () => aggregating.increment('web.requests'),
      },
      {
        id: 'hotShotsIncrementBuffered',
        label: 'hot-shots increment, buffer of 1432 bytes',
        run: () => buffering.increment('web.requests'),
      },
      {
        id: 'hotShotsTagsConstant',
        label: 'hot-shots increment, 2 tags, one object, aggregation',
        run: constantTags(hotShotsTagged(aggregating)),
      },
      {
        id: 'hotShotsTagsFresh',
        label: 'hot-shots increment, 2 tags, a new object a call, aggregation',
        run: freshTags(hotShotsTagged(aggregating)),
      },
      {
        id: 'hotShotsIncrementPlain',
        label: 'hot-shots increment, a datagram a call (its default)',
        run: () => plain.increment('web.requests'),
      },
      {
        // Its aggregation leaves timings out.
        id: 'hotShotsTiming',
        label: 'hot-shots timing, buffer of 1432 bytes',
        run: () => buffering.timing('web.latency', next()),
      },
    ],
  };
}

function prometheusCases() {
  const registers = [];
  const counter = new prometheus.Counter({ name: 'a', help: 'a', labelNames: ['route'], registers });
  const histogram = new prometheus.Histogram({ name: 'b', help: 'b', labelNames: ['route'], registers });
  const child = counter.labels({ route: '/cart' });
  const next = durations();
  return [
    {
      id: 'promInc',
      label: 'prom-client inc({ label })',
      run: () => counter.inc({ route: '/cart' }),
    },
    { id: 'promChild', label: 'prom-client bound child, inc()', run: () => child.inc() },
    {
      id: 'promObserve',
      label: 'prom-client observe({ label }, value)',
      run: () => histogram.observe({ route: '/cart' }, next()),
    },
  ];
}

/** @returns all cases, each called often enough to be past its beginnings, and a function that lets go of their sockets. */
export async function hotPathCases() {
  const sink = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(sink, 'listening');
  const hotShots = hotShotsCases(sink.address().port);
  const cases = [...ours(), ...hotShots.cases, ...prometheusCases()];
  for (const { run } of cases) for (let i = 0; i < 3000; i++) run();
  return {
    cases,
    close: () => {
      hotShots.close();
      sink.close();
    },
  };
}
