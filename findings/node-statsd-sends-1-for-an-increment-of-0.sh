#!/usr/bin/env bash
# node-statsd's `increment(name, 0)` sends `1`, so a sum that happens to be 0 is counted as one event.
#
# A program that adds up work of its own and reports the sum (`increment('rows', rows.length)`) calls it with 0 in quiet times.
# `timing` and `gauge` send a 0 as 0. Seen with node-statsd 0.1.1 of npm, the newest: `a:1|c` for `increment('a', 0)`, and `a:-1|c`
# for `decrement('a', 0)`. hot-shots 17.1.1, which grew out of it, sends `a:0|c` in both cases.
#
# In afstatsd `updateStats('a', 0)` adds 0.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/program.cjs" <<'PROGRAM'
const dgram = require('node:dgram');
const name = process.argv[2];
const { StatsD } = require(name);
const server = dgram.createSocket('udp4');
const received = [];
server.bind(0, '127.0.0.1', () => {
  const { port } = server.address();
  const client = new StatsD({ host: '127.0.0.1', port });
  server.on('message', (datagram) => {
    const line = String(datagram).trim();
    if (line !== '') received.push(line);
    if (received.length < 3) return;
    console.log(received.sort().join(' '));
    process.exit();
  });
  client.increment('a', 0);
  client.decrement('b', 0);
  client.gauge('c', 0);
});
PROGRAM

npm install --silent --no-audit --no-fund --prefix "$folder" node-statsd@0.1.1 hot-shots@17.1.1 >/dev/null
node_statsd=$(node "$folder/program.cjs" node-statsd)
hot_shots=$(node "$folder/program.cjs" hot-shots)
echo "node-statsd 0.1.1: $node_statsd"
echo "hot-shots 17.1.1: $hot_shots"
[ "$node_statsd" = 'a:1|c b:-1|c c:0|g' ] || { echo 'This has changed.'; exit 1; }
[ "$hot_shots" = 'a:0|c b:0|c c:0|g' ] || { echo 'hot-shots has changed.'; exit 1; }
