// What exemplars cost a call: off, on without a span, and on in a span that is active and stored. Beside it prom-client's histogram, with
// and without exemplars, which the app hands to each call. `BEFORE=/path/to/an/older/checkout` adds timings of that build.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { NullTransport, StatsdClient } from '@afstatsd/core';
import { trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import prometheus from 'prom-client';
import { atMost, report } from './support/report.mjs';
import { ROUNDS, quietestRounds } from './support/rounds.mjs';

const require = createRequire(import.meta.url);
const before =
  process.env.BEFORE === undefined
    ? undefined
    : require(join(process.env.BEFORE, 'packages/core/dist/src/index.js'));

const DURATIONS = Float64Array.from({ length: 1024 }, () => 12 * Math.exp(Math.random() * 2));
const durations = () => {
  let at = 0;
  return () => DURATIONS[(at = (at + 1) & 1023)];
};

/** A timer that is flushed every 1000 calls. */
function timing(Client, Transport, options) {
  const statsd = new Client({ transport: new Transport(), ...options });
  const next = durations();
  let at = 0;
  return () => {
    at = (at + 1) & 1023;
    if (at === 0) void statsd.flush();
    else statsd.timing('web.latency', next());
  };
}

const timingHere = (options) => timing(StatsdClient, NullTransport, options);

function promObserve() {
  const histogram = new prometheus.Histogram({ name: 'a', help: 'a', registers: [] });
  const next = durations();
  return () => histogram.observe(next());
}

function promObserveExemplar() {
  const histogram = new prometheus.Histogram({ name: 'b', help: 'b', registers: [], enableExemplars: true });
  const next = durations();
  return () => {
    const span = trace.getActiveSpan()?.spanContext();
    const exemplarLabels = { traceId: span?.traceId, spanId: span?.spanId };
    histogram.observe({ value: next(), exemplarLabels });
  };
}

new NodeTracerProvider().register();
const cases = [
  ...(before === undefined
    ? []
    : [
        { id: 'before', label: 'timing, before', run: timing(before.StatsdClient, before.NullTransport, {}) },
      ]),
  { id: 'off', label: 'timing, exemplars off', run: timingHere({}) },
  { id: 'on', label: 'timing, exemplars on', run: timingHere({ exemplars: true }) },
  { id: 'prom', label: 'prom-client observe', run: promObserve() },
  { id: 'promOn', label: 'prom-client observe, with an exemplar', run: promObserveExemplar() },
];

async function measured(title) {
  for (const { run } of cases) for (let i = 0; i < 3000; i++) run();
  const ns = await quietestRounds(cases);
  report({
    title: `${title}: ns a call, median of the quietest of ${ROUNDS} rounds; how many times "off" that is`,
    cases,
    ns,
    beside: (id) => ns[id] / ns.off,
    expectations: [atMost('timing, exemplars on / off', ns.on / ns.off, 2)],
  });
}

await measured('no span is active');
await trace.getTracer('bench').startActiveSpan('work', () => measured('a stored span is active'));
