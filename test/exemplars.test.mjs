// A service with a slow request, which percentiles show and don't explain: its exemplar in a real Prometheus leads to the trace,
// and the trace says which cart it was. The service has OpenTelemetry's SDK and its instrumentation of HTTP, and sends to the collector.
import { join } from 'node:path';
import {
  describeWith,
  freePort,
  until,
  usePrograms,
  usePrometheusServers,
  useQueues,
} from '@afstatsd/testing';
import { expect } from 'chai';

const root = join(import.meta.dirname, '..');
const collector = join(root, 'packages/collector/dist/src/main.js');
const FOUND_MS = 90_000;

/** The slow cart asks for each of its items by itself. Spans are printed, as a store of traces would keep them. */
const SERVICE = `
  const { trace } = require('@opentelemetry/api');
  const { NodeTracerProvider, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-node');
  const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
  const exporter = {
    export(spans, done) {
      for (const span of spans) {
        const { traceId } = span.spanContext();
        console.log('span ' + JSON.stringify({ traceId, name: span.name, attributes: span.attributes }));
      }
      done({ code: 0 });
    },
    async shutdown() {},
  };
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
  new HttpInstrumentation();

  const express = require('express');
  const { Statsd } = require('@afstatsd/core');
  const { afstatsdExpress } = require('@afstatsd/express');
  Statsd.configure({ exemplars: true });
  const app = express();
  app.use(afstatsdExpress());
  app.get('/cart/:id', (request, response) => {
    trace.getTracer('shop').startActiveSpan('price the cart', async (span) => {
      const items = request.params.id === '17' ? 3000 : 3;
      span.setAttributes({ 'cart.id': request.params.id, 'cart.items': items });
      await new Promise((resolve) => setTimeout(resolve, items));
      span.end();
      response.json({ items });
    });
  });
  const server = app.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port));
`;

describeWith('prometheus', 'a service with a slow request', function () {
  const programs = usePrograms();
  const queues = useQueues();
  const startPrometheus = usePrometheusServers();

  const WAYS = {
    'the queue': (queue) => ['--queue', queue, '--udp', 'off'],
    UDP: (_, port) => ['--queue', 'off', '--udp', `127.0.0.1:${port}`],
  };
  for (const [way, inputs] of Object.entries(WAYS)) {
    it(`is found by the trace in its exemplar, by ${way}`, async () => {
      const queue = queues.newName();
      const [udp, page] = [await freePort(), await freePort()];
      const options = `--interval 1s --prometheus 127.0.0.1:${page}`.split(' ');
      const receiver = programs.node([collector, ...inputs(queue, udp), ...options]);
      await receiver.printed('collector: ready');
      const prometheus = await startPrometheus(`127.0.0.1:${page}`, {}, [
        '--enable-feature=exemplar-storage',
      ]);
      const url = way === 'UDP' ? `udp://127.0.0.1:${udp}` : `mq://${queue}?fallback=false`;
      const service = programs.node(['-e', SERVICE], {
        env: { AFSTATSD_URL: url, AFSTATSD_SERVICE: 'shop' },
      });
      await service.printed('port ');
      const [, port] = /port (\d+)/.exec(service.stdout);
      const visit = async (cart) => (await fetch(`http://127.0.0.1:${port}/cart/${cart}`)).json();
      const spans = () => [...service.stdout.matchAll(/^span (.*)$/gm)].map(([, span]) => JSON.parse(span));

      let slow;
      await until(
        'the slow request has an exemplar',
        async () => {
          await Promise.all(['3', '17', '4'].map(visit));
          const exemplars = await prometheus.exemplars('http_request_duration_seconds_bucket');
          slow = exemplars.find(({ value }) => value >= 2.9);
          return slow !== undefined;
        },
        FOUND_MS,
      );
      expect(slow.series).to.include({ route: '/cart/:id', method: 'get', status: '2xx', service: 'shop' });
      const ofTrace = spans().filter(({ traceId }) => traceId === slow.labels.trace_id);
      const priced = ofTrace.find(({ name }) => name === 'price the cart');
      expect(priced.attributes).to.deep.equal({ 'cart.id': '17', 'cart.items': 3000 });
      expect(ofTrace.map(({ name }) => name)).to.include('GET');
    });
  }
});
