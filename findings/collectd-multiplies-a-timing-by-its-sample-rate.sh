#!/usr/bin/env bash
# collectd's `statsd` plugin divides the duration of a sampled timing by its sample rate: `job:10|ms|@0.1` is one call of 100 ms.
#
# A sample rate says how many calls one value stands for: here ten calls of 10 ms each, as etsy's statsd reads it (10 ms; it counts
# 10 calls). collectd treats a timing as it treats a counter, whose value does grow by the rate, and counts one call.
# So latencies from a client that samples are too large by the factor 1 / rate, and their number too small.
# Seen with collectd 5.12.0 (Debian collectd-core 5.12.0-14).
#
# afstatsd's `timerRate: false` leaves the rate away for such a server (docs/transports.md). Needs apt-get, on amd64 or arm64.
set -euo pipefail

folder=$(mktemp -d)
collectd=
trap '[ -z "$collectd" ] || kill "$collectd" || true; wait; rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq -o APT::Sandbox::User=root collectd-core=5.12.0-14 >/dev/null
dpkg -x collectd-core_*.deb .

port=$(node -e 'const s = require("node:dgram").createSocket("udp4").bind(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
cat >collectd.conf <<CONF
BaseDir "$folder"
PIDFile "$folder/pid"
PluginDir "$folder/usr/lib/collectd"
TypesDB "$folder/usr/share/collectd/types.db"
Interval 1
LoadPlugin csv
LoadPlugin statsd
<Plugin csv>
  DataDir "$folder/csv"
</Plugin>
<Plugin statsd>
  Host "127.0.0.1"
  Port "$port"
  TimerCount true
  TimerUpper true
</Plugin>
CONF
usr/sbin/collectd -f -C collectd.conf 2>collectd.log &
collectd=$!

# Sends both timings again and again until collectd has written each of them. The largest value doesn't depend on how often.
cat >program.cjs <<'PROGRAM'
const dgram = require('node:dgram');
const { readFileSync, readdirSync, existsSync } = require('node:fs');
const [port, folder] = process.argv.slice(2);
const socket = dgram.createSocket('udp4');
const upper = (name) => {
  const hosts = existsSync(`${folder}/csv`) ? readdirSync(`${folder}/csv`) : [];
  const files = hosts.flatMap((host) => {
    const path = `${folder}/csv/${host}/statsd`;
    return existsSync(path) ? readdirSync(path).map((file) => `${path}/${file}`) : [];
  });
  const file = files.find((path) => path.includes(`latency-${name}-upper-`));
  const values = file ? readFileSync(file, 'utf8').split('\n').slice(1).map((line) => Number(line.split(',')[1])) : [];
  return values.find((seconds) => seconds > 0);
};
const limit = Date.now() + 30_000;
const timer = setInterval(() => {
  const [sampled, plain] = [upper('sampled'), upper('plain')];
  if ((sampled && plain) || Date.now() > limit) {
    // It keeps durations in 2^-30 s.
    console.log(`sampled ${Math.round(sampled * 1000)} ms, plain ${Math.round(plain * 1000)} ms`);
    clearInterval(timer);
    socket.close();
    return;
  }
  socket.send('sampled:10|ms|@0.1', port, '127.0.0.1');
  socket.send('plain:10|ms', port, '127.0.0.1');
}, 100);
PROGRAM
seen=$(node program.cjs "$port" "$folder")
echo "collectd 5.12.0: $seen"
[ "$seen" = 'sampled 100 ms, plain 10 ms' ] || { echo 'This has changed.'; exit 1; }
