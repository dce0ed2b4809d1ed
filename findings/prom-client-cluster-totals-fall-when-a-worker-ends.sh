#!/usr/bin/env bash
# prom-client's cluster totals fall when a worker ends, so Prometheus counts what the other workers have counted a second time.
#
# `AggregatorRegistry.clusterMetrics()` adds up the workers that are alive at that moment; what an ended worker had counted is gone.
# Of two workers with 10 requests each the page says 20, and after one has ended (a crash, a rolling restart) 10.
# Prometheus takes a counter that falls for one that began at 0 again, so `increase()` adds the 10 of the worker that goes on to the
# 20 of before: 30 requests of 20. The more workers, the more: with 16 of them each restart adds 15/16 of all that was counted.
# Seen with prom-client 15.1.3.
#
# afstatsd's collector keeps the totals of clients that have ended (docs/collector-outputs.md). Needs Node.js and npm.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/program.cjs" <<'PROGRAM'
const cluster = require('node:cluster');
const { once } = require('node:events');
const { AggregatorRegistry, Counter } = require('prom-client');

async function main() {
  const registry = new AggregatorRegistry();
  const workers = [cluster.fork(), cluster.fork()];
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const total = async () => /^requests_total (\d+)$/m.exec(await registry.clusterMetrics())?.[1];
  const before = await total();
  workers[0].kill();
  await once(workers[0], 'exit');
  console.log(`${before}, then ${await total()}`);
  workers[1].kill();
}

if (cluster.isPrimary) main();
else {
  new AggregatorRegistry();
  const requests = new Counter({ name: 'requests_total', help: 'Requests.' });
  requests.inc(10);
  process.send('counted');
}
PROGRAM

npm install --silent --no-audit --no-fund --prefix "$folder" prom-client@15.1.3 >/dev/null
seen=$(node "$folder/program.cjs")
echo "prom-client 15.1.3: $seen"
[ "$seen" = '20, then 10' ] || { echo 'This has changed.'; exit 1; }
