// What http.mjs compares. `make` gives a server, and a function that says how many requests were recorded.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { NullTransport, StatsdClient } from '@afstatsd/core';
import { expressServer, fastifyServer, honoServer, koaServer } from './http-apps.mjs';

// Modules are loaded by the cases that need them: some change `http` for all.
const require = createRequire(import.meta.url);

const client = () => new StatsdClient({ transport: new NullTransport() });
const recordedBy = (statsd) => () => statsd.stats().recorded;

/** The folder of a built checkout of the commit before, if there is one to compare with. */
const BEFORE = process.env.AFSTATSD_BENCH_BEFORE;

/** What one writes by hand: `end` is given Express' request and response, and how long it took. */
const onFinish = (end) => (app) =>
  app.use((req, res, next) => {
    const begin = performance.now();
    res.on('finish', () => end(performance.now() - begin, req, res));
    next();
  });

function expressTiming() {
  const statsd = client();
  const server = expressServer(onFinish((ms) => statsd.timing('http.request', ms)));
  return { server, recorded: recordedBy(statsd) };
}

/** With the three tags that ours has. */
function expressTags() {
  const statsd = client();
  const record = (ms, req, res) => {
    const tags = {
      method: req.method,
      route: req.baseUrl + req.route.path,
      status: `${Math.floor(res.statusCode / 100)}xx`,
    };
    statsd.timing('http.request', ms, { tags });
  };
  return { server: expressServer(onFinish(record)), recorded: recordedBy(statsd) };
}

function expressPromClient() {
  const { Histogram, register } = require('prom-client');
  const histogram = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Duration of requests',
    labelNames: ['method', 'route', 'status'],
  });
  const record = (ms, req, res) =>
    histogram.labels(req.method, req.baseUrl + req.route.path, res.statusCode).observe(ms / 1000);
  return { server: expressServer(onFinish(record)), recorded: promCount({ register }) };
}

const express = (packages) => () => {
  const { NullTransport, StatsdClient } = packages.core();
  const statsd = new StatsdClient({ transport: new NullTransport() });
  const middleware = packages.express().afstatsdExpress({ statsd });
  return { server: expressServer((app) => app.use(middleware)), recorded: recordedBy(statsd) };
};

/** The packages that are compared: by the names of their folders, when they are asked for. */
const here = {
  core: () => require('@afstatsd/core'),
  express: () => require('@afstatsd/express'),
  fastify: () => require('@afstatsd/fastify'),
};
const beforeOf = (name) => () => require(join(BEFORE, 'packages', name));
const before = { core: beforeOf('core'), express: beforeOf('express'), fastify: beforeOf('fastify') };

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
    record(performance.now() - request[BEGIN], request, reply);
    done();
  });
};

async function fastifyTiming() {
  const statsd = client();
  const server = await fastifyServer(hooks((ms) => statsd.timing('http.request', ms)));
  return { server, recorded: recordedBy(statsd) };
}

/** With the three tags that ours has. */
async function fastifyTags() {
  const statsd = client();
  const record = (ms, { method, routeOptions }, reply) => {
    const tags = { method, route: routeOptions.url, status: `${Math.floor(reply.statusCode / 100)}xx` };
    statsd.timing('http.request', ms, { tags });
  };
  return { server: await fastifyServer(hooks(record)), recorded: recordedBy(statsd) };
}

const fastify = (packages) => async () => {
  const { NullTransport, StatsdClient } = packages.core();
  const statsd = new StatsdClient({ transport: new NullTransport() });
  const server = await fastifyServer(async (app) => {
    await app.register(packages.fastify(), { statsd });
  });
  return { server, recorded: recordedBy(statsd) };
};

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

/** With the three tags that ours has. */
function koaTags() {
  const statsd = client();
  const server = koaServer((app) =>
    app.use(async (ctx, next) => {
      const begin = performance.now();
      await next();
      const tags = {
        method: ctx.method,
        route: ctx._matchedRoute,
        status: `${Math.floor(ctx.status / 100)}xx`,
      };
      statsd.timing('http.request', performance.now() - begin, { tags });
    }),
  );
  return { server, recorded: recordedBy(statsd) };
}

function koa() {
  const statsd = client();
  const { afstatsdKoa } = require('@afstatsd/koa');
  return { server: koaServer((app) => app.use(afstatsdKoa({ statsd }))), recorded: recordedBy(statsd) };
}

/** With the three tags that ours has. */
function honoTags() {
  const statsd = client();
  const { routePath } = require('hono/route');
  const server = honoServer((app) =>
    app.use(async (c, next) => {
      const begin = performance.now();
      await next();
      const tags = {
        method: c.req.method,
        route: routePath(c),
        status: `${Math.floor(c.res.status / 100)}xx`,
      };
      statsd.timing('http.request', performance.now() - begin, { tags });
    }),
  );
  return { server, recorded: recordedBy(statsd) };
}

function hono() {
  const statsd = client();
  const { afstatsdHono } = require('@afstatsd/hono');
  return { server: honoServer((app) => app.use(afstatsdHono({ statsd }))), recorded: recordedBy(statsd) };
}

const ALL = [
  { id: 'express', label: 'Express 5', make: async () => ({ server: expressServer() }) },
  { id: 'expressTiming', label: 'timer by hand', bare: 'express', make: expressTiming },
  { id: 'expressTags', label: 'timer by hand, three tags', bare: 'express', make: expressTags },
  { id: 'expressOurs', label: '@afstatsd/express', bare: 'express', make: express(here) },
  { id: 'expressAgain', label: 'the same again', bare: 'express', make: express(here) },
  {
    id: 'expressBefore',
    label: 'the build before',
    bare: 'express',
    isBefore: true,
    make: express(before),
  },
  { id: 'promClient', label: 'prom-client by hand, three labels', bare: 'express', make: expressPromClient },
  { id: 'promBundle', label: 'express-prom-bundle 8', bare: 'express', make: expressPromBundle },
  { id: 'expressOtel', label: 'OpenTelemetry http, express', bare: 'express', make: expressOtel },
  { id: 'fastify', label: 'Fastify 5', make: async () => ({ server: await fastifyServer() }) },
  { id: 'fastifyTiming', label: 'hooks by hand', bare: 'fastify', make: fastifyTiming },
  { id: 'fastifyTags', label: 'hooks by hand, three tags', bare: 'fastify', make: fastifyTags },
  { id: 'fastifyOurs', label: '@afstatsd/fastify', bare: 'fastify', make: fastify(here) },
  { id: 'fastifyAgain', label: 'the same again', bare: 'fastify', make: fastify(here) },
  {
    id: 'fastifyBefore',
    label: 'the build before',
    bare: 'fastify',
    isBefore: true,
    make: fastify(before),
  },
  { id: 'fastifyMetrics', label: 'fastify-metrics 14', bare: 'fastify', make: fastifyMetrics },
  { id: 'fastifyOtel', label: 'OpenTelemetry http', bare: 'fastify', make: fastifyOtel },
  { id: 'koa', label: 'Koa 3', make: async () => ({ server: koaServer() }) },
  { id: 'koaTags', label: 'timer by hand, three tags', bare: 'koa', make: koaTags },
  { id: 'koaOurs', label: '@afstatsd/koa', bare: 'koa', make: koa },
  { id: 'hono', label: 'Hono 4 on Node.js', make: async () => ({ server: honoServer() }) },
  { id: 'honoTags', label: 'timer by hand, three tags', bare: 'hono', make: honoTags },
  { id: 'honoOurs', label: '@afstatsd/hono', bare: 'hono', make: hono },
];

export const httpCases = ALL.filter(({ isBefore = false }) => !isBefore || BEFORE !== undefined);
