#!/usr/bin/env bash
# netdata's StatsD server shows one of two metrics whose names differ in case alone, or in `.` and `_`; the other one is lost.
#
# It counts `Orders` and `orders` as two metrics, but makes the id of their chart from the name in lower case, with `_` for each
# character that ids don't have, and `.` for one. Both metrics then write to one chart, and the later one stands: after
# `Orders:1|c` and `orders:20|c` there is one chart with 20, and after `cart.items:1|c` and `cart_items:20|c` as well. Neither the
# sum (21) nor a warning is to be had. StatsD names are case-sensitive at etsy's statsd.
# Seen with netdata 1.37.1 (Debian netdata-core 1.37.1-2).
#
# See docs/transports.md. Needs apt-get, on amd64 or arm64.
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
for (const line of ['Orders:1|c', 'cart.items:1|c', 'orders:20|c', 'cart_items:20|c']) {
  socket.send(line, port, '127.0.0.1');
}
const ours = (text) => [...text.matchAll(/chart="statsd_(orders|cart)[^"]*".*\} (\d+) /gi)];
const shown = ours(await until((text) => ours(text).filter(([, , value]) => value !== '0').length === 2));
console.log(shown.map(([, name, value]) => `${name} ${value}`).sort().join(', '));
socket.close();
netdata.kill();
await once(netdata, 'exit');
PROGRAM

seen=$(node program.mjs "$folder")
echo "netdata 1.37.1: $seen"
[ "$seen" = 'cart 20, orders 20' ] || { echo 'This has changed.'; exit 1; }
