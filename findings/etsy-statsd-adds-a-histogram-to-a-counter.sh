#!/usr/bin/env bash
# etsy's statsd takes each kind that it doesn't know for a counter, so DogStatsD's histograms and distributions become sums.
#
# It knows `ms`, `g` and `s`; all else is added to a counter of that name, without a word and without a bad line. So the latencies
# of hot-shots' `histogram('latency', 250)` and `distribution(…)`, `latency:250|h` and `|d`, make a counter that grows by 250 a call,
# and no percentile anywhere. (netdata reads `|h` as a histogram, collectd refuses the line.)
# Seen with statsd 0.9.0 of npm: `latency:250|h` and `latency:350|h` make the counter 600 and no timer.
#
# afstatsd sends timers as `|ms` to it (docs/transports.md), and its collector reads `|h` and `|d` as timers.
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
      console.log(`counter ${counters.latency}, timer ${timers.latency ?? 'none'}`);
      statsd.kill();
      process.exit();
    }
  });
}
PROGRAM

npm install --silent --no-audit --no-fund --prefix "$folder" statsd@0.9.0 >/dev/null
seen=$(node "$folder/program.cjs" "$folder" 'latency:250|h' 'latency:350|h')
echo "statsd 0.9.0: $seen"
[ "$seen" = 'counter 600, timer none' ] || { echo 'This has changed.'; exit 1; }
