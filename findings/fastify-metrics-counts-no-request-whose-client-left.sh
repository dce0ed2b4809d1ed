#!/usr/bin/env bash
# fastify-metrics counts no request whose client left before the answer: it is in no counter, histogram or summary.
#
# Fastify calls the hook `onResponse`, from which fastify-metrics counts, for answers that were sent; when the client closes the
# connection first, it calls `onRequestAbort` alone. So the slower a service gets, the more of its requests (those given up by
# clients with a timeout) vanish from its request rate and its latency, and a route that hangs shows no traffic at all.
# Seen with fastify-metrics 13.2.1 and Fastify 5.12.8: of two requests of the same route, one given up, one is counted.
#
# afstatsd counts such a request as `http.aborted` (docs/http.md).
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/program.cjs" <<'PROGRAM'
const net = require('node:net');
const { once } = require('node:events');
const fastify = require('fastify')();
const plugin = require('fastify-metrics');

async function main() {
  await fastify.register(plugin.default ?? plugin, { endpoint: '/metrics', defaultMetrics: { enabled: false } });
  let arrived, left;
  fastify.addHook('onRequestAbort', (request, done) => {
    left();
    done();
  });
  fastify.get('/report/:year', ({ params }, reply) => {
    if (params.year === '2024') reply.send('done');
    else arrived();
  });
  await fastify.listen({ port: 0, host: '127.0.0.1' });
  const { port } = fastify.server.address();

  const handled = new Promise((resolve) => (arrived = resolve));
  const aborted = new Promise((resolve) => (left = resolve));
  const client = net.connect(port, '127.0.0.1');
  client.write('GET /report/2023 HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await handled;
  client.destroy();
  await aborted;
  await (await fetch(`http://127.0.0.1:${port}/report/2024`)).text();

  const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const counted = page.match(/^http_request_duration_seconds_count\{.*route="\/report\/:year".*\} (\d+)$/m)?.[1];
  console.log(`2 requests, ${counted} counted`);
  process.exit();
}
main();
PROGRAM

npm install --silent --no-audit --no-fund --prefix "$folder" fastify@5.12.8 fastify-metrics@13.2.1 >/dev/null
seen=$(node "$folder/program.cjs")
echo "fastify-metrics 13.2.1, Fastify 5.12.8: $seen"
[ "$seen" = '2 requests, 1 counted' ] || { echo 'This has changed.'; exit 1; }
