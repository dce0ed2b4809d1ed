// What http.mjs compares. `make` gives a server, and a function that says how many requests were recorded.
import { createRequire } from 'node:module';
import { NullTransport, StatsdClient } from '@afstatsd/core';
import { expressServer, fastifyServer } from './http-apps.mjs';

// Modules are loaded by the cases that need them: some change `http` for all.
const require = createRequire(import.meta.url);

const client = () => new StatsdClient({ transport: new NullTransport() });
const recordedBy = (statsd) => () => statsd.stats().recorded;

function expressTimer() {
  const times = new Float64Array(4096);
  let count = 0;
  const server = expressServer((app) =>
    app.use((req, res, next) => {
      const begin = performance.now();
      res.on('finish', () => (times[count++ & 4095] = performance.now() - begin));
      next();
    }),
  );
  return { server, recorded: () => count };
}

function expressTiming() {
  const statsd = client();
  const server = expressServer((app) =>
    app.use((req, res, next) => {
      const begin = performance.now();
      res.on('finish', () => statsd.timing('http.request', performance.now() - begin));
      next();
    }),
  );
  return { server, recorded: recordedBy(statsd) };
}

function expressOurs() {
  const { afstatsdExpress } = require('@afstatsd/express');
  const statsd = client();
  return {
    server: expressServer((app) => app.use(afstatsdExpress({ statsd }))),
    recorded: recordedBy(statsd),
  };
}

/** Its paths are normalised as it does by default: numbers and the like are replaced. */
function expressPromBundle() {
  const bundle = require('express-prom-bundle');
  const settings = { includeMethod: true, includePath: true, includeStatusCode: true };
  return {
    server: expressServer((app) => app.use(bundle(settings))),
    recorded: promCount(bundle.promClient),
  };
}

const promCount = ({ register }) => {
  return async () => {
    const { values } = await register.getSingleMetric('http_request_duration_seconds').get();
    const counts = values.filter(({ metricName }) => metricName === 'http_request_duration_seconds_count');
    return counts.reduce((sum, { value }) => sum + value, 0);
  };
};

/** With metrics only: without a TracerProvider spans are not recorded. */
function openTelemetry(instrumentations) {
  const sdk = require('@opentelemetry/sdk-metrics');
  const exporter = new sdk.InMemoryMetricExporter(sdk.AggregationTemporality.CUMULATIVE);
  const reader = new sdk.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new sdk.MeterProvider({ readers: [reader] });
  for (const [module, name] of instrumentations) {
    const { [name]: Instrumentation } = require(`@opentelemetry/${module}`);
    new Instrumentation().setMeterProvider(provider);
  }
  return async () => {
    const { resourceMetrics } = await reader.collect();
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    const points = metrics.find(({ descriptor }) => descriptor.name === DURATION)?.dataPoints ?? [];
    return points.reduce((sum, { value }) => sum + value.count, 0);
  };
}
const DURATION = 'http.server.request.duration';
const OTEL_HTTP = ['instrumentation-http', 'HttpInstrumentation'];
const OTEL_EXPRESS = ['instrumentation-express', 'ExpressInstrumentation'];

async function expressOtel() {
  const recorded = openTelemetry([OTEL_HTTP, OTEL_EXPRESS]);
  return { server: expressServer(), recorded };
}

const hooks = (record) => async (app) => {
  const BEGIN = Symbol('begin');
  app.decorateRequest(BEGIN, 0);
  app.addHook('onRequest', (request, reply, done) => {
    request[BEGIN] = performance.now();
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    record(performance.now() - request[BEGIN]);
    done();
  });
};

async function fastifyTimer() {
  const times = new Float64Array(4096);
  let count = 0;
  return { server: await fastifyServer(hooks((ms) => (times[count++ & 4095] = ms))), recorded: () => count };
}

async function fastifyTiming() {
  const statsd = client();
  const server = await fastifyServer(hooks((ms) => statsd.timing('http.request', ms)));
  return { server, recorded: recordedBy(statsd) };
}

async function fastifyOurs() {
  const statsd = client();
  const server = await fastifyServer(async (app) => {
    await app.register(require('@afstatsd/fastify'), { statsd });
  });
  return { server, recorded: recordedBy(statsd) };
}

async function fastifyMetrics() {
  const promClient = require('@platformatic/prom-client');
  const server = await fastifyServer((app) =>
    app.register(require('fastify-metrics'), { endpoint: '/metrics', promClient }),
  );
  return { server, recorded: promCount(promClient) };
}

async function fastifyOtel() {
  const recorded = openTelemetry([OTEL_HTTP]);
  return { server: await fastifyServer(), recorded };
}

export const httpCases = [
  { id: 'express', label: 'Express 5', make: async () => ({ server: expressServer() }) },
  { id: 'expressTimer', label: 'timer by hand, into an array', bare: 'express', make: expressTimer },
  { id: 'expressTiming', label: 'timer by hand, statsd.timing', bare: 'express', make: expressTiming },
  { id: 'expressOurs', label: '@afstatsd/express', bare: 'express', make: expressOurs },
  { id: 'promBundle', label: 'express-prom-bundle 8', bare: 'express', make: expressPromBundle },
  {
    id: 'expressOtel',
    label: 'OpenTelemetry http, express',
    bare: 'express',
    onlyLoopback: true,
    make: expressOtel,
  },
  { id: 'fastify', label: 'Fastify 5', make: async () => ({ server: await fastifyServer() }) },
  { id: 'fastifyTimer', label: 'hooks by hand, into an array', bare: 'fastify', make: fastifyTimer },
  { id: 'fastifyTiming', label: 'hooks by hand, statsd.timing', bare: 'fastify', make: fastifyTiming },
  { id: 'fastifyOurs', label: '@afstatsd/fastify', bare: 'fastify', make: fastifyOurs },
  { id: 'fastifyMetrics', label: 'fastify-metrics 14', bare: 'fastify', make: fastifyMetrics },
  { id: 'fastifyOtel', label: 'OpenTelemetry http', bare: 'fastify', onlyLoopback: true, make: fastifyOtel },
];
