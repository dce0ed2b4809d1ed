#!/usr/bin/env bash
# VictoriaMetrics stores the beginning of a scraped page in gzip that is longer than it takes, while `up` says 0.
#
# `-promscrape.maxScrapeSize` (16 MiB by default) counts the unpacked page. A longer page without compression is refused whole, with
# `up` 0 and none of its metrics. Of the same page in gzip the part up to the limit is stored, at each scrape, also with `up` 0. The
# page ends at the limit in the middle of a line, so the last value stored may have lost digits. So the first metrics look alive,
# the others are missing, and nothing but `up` tells.
# Seen with VictoriaMetrics 1.79.5 (Debian victoria-metrics 1.79.5+ds1-2+b5) and a limit of 1,500,000 bytes.
#
# afstatsd's collector sends no gzip past 16 MiB, and warns before (docs/collector-outputs.md). Needs apt-get, on amd64 or arm64.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq -o APT::Sandbox::User=root victoria-metrics=1.79.5+ds1-2+b5 >/dev/null
dpkg -x victoria-metrics_*.deb .

cat >program.mjs <<'PROGRAM'
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createPort } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

const [folder] = process.argv.slice(2);
const METRICS = 100_000; // about 2,700,000 bytes
const page = Array.from({ length: METRICS }, (_, number) => `page_metric{number="${number}"} 1\n`).join('');
const served = { plain: 0, gzip: 0 };
const server = createServer(({ url }, response) => {
  const kind = url.slice(1);
  served[kind]++;
  response.setHeader('Content-Type', 'text/plain; version=0.0.4');
  if (kind === 'gzip') response.setHeader('Content-Encoding', 'gzip');
  response.end(kind === 'gzip' ? gzipSync(page) : page);
}).listen(0, '127.0.0.1');
await once(server, 'listening');

const free = createPort().listen(0, '127.0.0.1');
await once(free, 'listening');
const { port } = free.address();
free.close();

const targets = [`127.0.0.1:${server.address().port}`];
const jobs = Object.keys(served).map((kind) => ({
  job_name: kind,
  metrics_path: `/${kind}`,
  scrape_interval: '1s',
  static_configs: [{ targets }],
}));
writeFileSync(`${folder}/scrape.yml`, JSON.stringify({ scrape_configs: jobs })); // JSON is YAML
const flags = [
  `-promscrape.config=${folder}/scrape.yml`,
  '-promscrape.maxScrapeSize=1500000',
  `-storageDataPath=${folder}/data`,
  `-httpListenAddr=127.0.0.1:${port}`,
  '-search.latencyOffset=0s',
  '-search.disableCache',
];
const store = spawn(`${folder}/usr/bin/victoria-metrics`, flags, { stdio: 'ignore' });

async function query(text) {
  const url = `http://127.0.0.1:${port}/api/v1/query?${new URLSearchParams({ query: text })}`;
  const { data } = await (await fetch(url)).json();
  return data.result.length === 0 ? undefined : Number(data.result[0].value[1]);
}
const seen = {};
for (const limit = Date.now() + 60_000; Date.now() < limit; await sleep(200)) {
  try {
    for (const kind of Object.keys(served)) {
      seen[kind] = { up: await query(`up{job="${kind}"}`), stored: (await query(`count(page_metric{job="${kind}"})`)) ?? 0 };
    }
  } catch {
    continue; // VictoriaMetrics isn't up yet
  }
  // Some scrapes of each kind, so that a plain page had its chances too.
  if (served.plain > 3 && served.gzip > 3 && seen.gzip.up !== undefined && seen.plain.up !== undefined) break;
}
for (const [kind, { up, stored }] of Object.entries(seen)) {
  console.log(`${kind}: up ${up}, stored ${stored === 0 ? 'nothing' : stored < METRICS ? 'a part' : 'all'}`);
}
store.kill();
await once(store, 'exit');
server.close();
server.closeAllConnections();
PROGRAM

seen=$(node program.mjs "$folder")
echo "VictoriaMetrics 1.79.5"
echo "$seen"
[ "$seen" = $'plain: up 0, stored nothing\ngzip: up 0, stored a part' ] || { echo 'This has changed.'; exit 1; }
