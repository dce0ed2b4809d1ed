#!/usr/bin/env bash
# OpenTelemetry's HTTP instrumentation counts a request whose client left before any answer as answered with status 200.
#
# `http.server.request.duration` takes the status of Node.js's response object, which is 200 until somebody sets another, also where
# nothing was ever sent. It sets no `error.type` either. So the requests that clients give up are successes in a dashboard of error
# shares. Seen with @opentelemetry/instrumentation-http 0.223.0: one request, never answered, one point with
# http.response.status_code 200. express-prom-bundle 8.0.0 counts such a request with status 499.
#
# afstatsd counts such a request as `http.aborted`, apart from those that were answered (docs/http.md).
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/program.cjs" <<'PROGRAM'
const { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } = require('@opentelemetry/sdk-metrics');
const { registerInstrumentations } = require('@opentelemetry/instrumentation');
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
registerInstrumentations({
  meterProvider: new MeterProvider({ readers: [reader] }),
  instrumentations: [new HttpInstrumentation()],
});

const http = require('node:http');
const net = require('node:net');
let client;
const server = http.createServer((request, response) => {
  response.on('close', () => setImmediate(report, response.headersSent));
  client.destroy();
});
server.listen(0, '127.0.0.1', () => {
  client = net.connect(server.address().port, '127.0.0.1');
  client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
});

async function report(sent) {
  await reader.forceFlush();
  for (const { scopeMetrics } of exporter.getMetrics())
    for (const { metrics } of scopeMetrics)
      for (const { descriptor, dataPoints } of metrics) {
        if (descriptor.name !== 'http.server.request.duration') continue;
        for (const { attributes, value } of dataPoints)
          console.log(`sent ${sent}, counted ${value.count}, status ${attributes['http.response.status_code']}, error ${attributes['error.type']}`);
      }
  process.exit();
}
PROGRAM

npm install --silent --no-audit --no-fund --prefix "$folder" @opentelemetry/api@1.9.1 @opentelemetry/sdk-metrics@2.12.1 \
  @opentelemetry/instrumentation@0.223.0 @opentelemetry/instrumentation-http@0.223.0 >/dev/null
seen=$(node "$folder/program.cjs")
echo "@opentelemetry/instrumentation-http 0.223.0: $seen"
[ "$seen" = 'sent false, counted 1, status 200, error undefined' ] || { echo 'This has changed.'; exit 1; }
