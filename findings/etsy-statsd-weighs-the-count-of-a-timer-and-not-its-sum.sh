#!/usr/bin/env bash
# etsy's statsd weighs a sampled timing in `count`, but in no other number of the timer.
#
# `job:10|ms|@0.1` stands for ten calls of 10 ms. With one more call of 20 ms, sent without a rate, eleven calls took 120 ms, 10.9 ms
# on the average. The server says: count 11, sum 30, mean 15, median 15. So `sum / count` is 2.7 ms, which is no average of anything,
# and where clients sample at different rates (as one does by load) the mean and the percentiles follow the one that samples least.
# Seen with statsd 0.9.0 of npm.
#
# afstatsd's collector weighs all of them. Needs Node.js and npm.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/program.cjs" <<'PROGRAM'
const { spawn } = require('node:child_process');
const { createSocket } = require('node:dgram');
const { writeFileSync } = require('node:fs');

const [folder, ...lines] = process.argv.slice(2);
const port = createSocket('udp4').bind(0, '127.0.0.1', () => {
  const config = { port: port.address().port, mgmt_port: 0, mgmt_address: '127.0.0.1', address: '127.0.0.1' };
  Object.assign(config, { flushInterval: 1000, backends: [`${folder}/print.cjs`], deleteIdleStats: true });
  port.close(() => start(config));
});
// A backend of statsd, which prints each flush as JSON.
writeFileSync(
  `${folder}/print.cjs`,
  `exports.init = (start, config, events) => {
    events.on('flush', (time, metrics) => console.log('FLUSH' + JSON.stringify(metrics)));
    return true;
  };`,
);
function start(config) {
  writeFileSync(`${folder}/config.js`, JSON.stringify(config));
  const statsd = spawn(process.execPath, [`${folder}/node_modules/statsd/stats.js`, `${folder}/config.js`]);
  const socket = createSocket('udp4');
  let output = '';
  let sent = false;
  statsd.stdout.on('data', (data) => {
    output += data;
    if (!sent && output.includes('FLUSH')) {
      sent = true;
      for (const line of lines) socket.send(line, config.port, '127.0.0.1');
      return;
    }
    for (const [, json] of output.matchAll(/FLUSH(.*)\n/g)) {
      const { counters, timers, timer_data } = JSON.parse(json);
      if (counters['statsd.metrics_received'] !== lines.length) continue;
      const { count, sum, mean, median } = timer_data.job;
      console.log(`count ${count}, sum ${sum}, mean ${mean}, median ${median}`);
      statsd.kill();
      process.exit();
    }
  });
}
PROGRAM

npm install --silent --no-audit --no-fund --prefix "$folder" statsd@0.9.0 >/dev/null
seen=$(node "$folder/program.cjs" "$folder" 'job:10|ms|@0.1' 'job:20|ms')
echo "statsd 0.9.0: $seen"
[ "$seen" = 'count 11, sum 30, mean 15, median 15' ] || { echo 'This has changed.'; exit 1; }
