#!/usr/bin/env bash
# netdata's StatsD server takes a DogStatsD distribution, `request:12.5|d`, for a dictionary, and makes a dimension of each value.
#
# `|d` is a distribution at Datadog, hot-shots' `distribution()` and statsd_exporter: a value to be summarised. In netdata it is a
# kind of its own, which counts how often each text occurred. So latencies sent as distributions are no percentiles there, but one
# dimension for each value that differs, `12.5`, `12.7`, …, each with its count: the more decimals, the more dimensions.
# `|h` and `|ms` are histograms and timers, as one would expect.
# Seen with netdata 1.37.1 (Debian netdata-core 1.37.1-2).
#
# afstatsd sends timers as `|ms`, and as `|d` only if asked to, for the Datadog Agent. Needs apt-get, on amd64 or arm64.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq -o APT::Sandbox::User=root netdata-core=1.37.1-2 libuv1 libjson-c5 liblz4-1 libssl3 >/dev/null
for package in *.deb; do dpkg -x "$package" .; done
mkdir -p state/{cache,lib,log,config}

cat >program.mjs <<'PROGRAM'
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const [folder] = process.argv.slice(2);
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
const [port, web] = [await freePort(), await freePort()];
const plugins = 'apps|cgroups|charts.d|diskspace|ebpf|go.d|idlejitter|ioping|perf|proc|python.d|slabinfo|tc|timex';
writeFileSync(
  `${folder}/netdata.conf`,
  `[global]
run as user = ${process.getuid() === 0 ? 'root' : process.env.USER}
[directories]
${['cache', 'lib', 'log', 'config'].map((name) => `${name} = ${folder}/state/${name}`).join('\n')}
[db]
mode = ram
[web]
bind to = 127.0.0.1
default port = ${web}
[health]
enabled = no
[cloud]
enabled = no
[registry]
enabled = no
[plugins]
${plugins.split('|').map((name) => `${name} = no`).join('\n')}
statsd = yes
[statsd]
bind to = udp:127.0.0.1
default port = ${port}
create private charts for metrics matching = *
`,
);
const libraries = readdirSync(`${folder}/usr/lib`).filter((name) => name.endsWith('-linux-gnu'));
const env = { ...process.env, DISABLE_TELEMETRY: '1', LD_LIBRARY_PATH: libraries.map((name) => `${folder}/usr/lib/${name}`).join(':') };
const netdata = spawn(`${folder}/usr/sbin/netdata`, ['-D', '-c', `${folder}/netdata.conf`, '-P', `${folder}/pid`], { env, stdio: 'ignore' });
const page = async () => {
  const query = 'format=prometheus&source=as-collected&help=no';
  const response = await fetch(`http://127.0.0.1:${web}/api/v1/allmetrics?${query}`).catch(() => undefined);
  return (await response?.text()) ?? '';
};
async function until(condition) {
  for (const limit = Date.now() + 60_000; Date.now() < limit; await sleep(200)) {
    const text = await page();
    if (condition(text)) return text;
  }
  throw new Error('netdata shows nothing');
}

await until((text) => text.includes('statsd_metrics'));
const socket = createSocket('udp4');
for (const value of [12.5, 12.7, 13.1, 12.5]) socket.send(`request:${value}|d`, port, '127.0.0.1');
const ours = (text) => [...text.matchAll(/chart="statsd_request\.(\w+)".*dimension="([^"]+)".*\} (\d+) /g)];
const shown = ours(await until((text) => ours(text).reduce((sum, [, , , count]) => sum + Number(count), 0) === 4));
console.log(shown.map(([, kind, dimension, count]) => `${kind} ${dimension}: ${count}`).sort().join(', '));
socket.close();
netdata.kill();
await once(netdata, 'exit');
PROGRAM

seen=$(node program.mjs "$folder")
echo "netdata 1.37.1: $seen"
[ "$seen" = 'dictionary 12.5: 2, dictionary 12.7: 1, dictionary 13.1: 1' ] || { echo 'This has changed.'; exit 1; }
