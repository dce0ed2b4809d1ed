// Servers that take StatsD datagrams, as processes, for bench/collector-input.mjs: their CPU time, and what the kernel drops.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './receivers.mjs';

const require = createRequire(import.meta.url);
const HERE = join(require.resolve('@afstatsd/collector/package.json'), '../dist/src/main.js');

export const hasNetdata = spawnSync('netdata', ['-W', 'help'], { stdio: 'ignore' }).error === undefined;

async function freeTcpPort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** The collector of this checkout, or of another one, with its Prometheus page. */
export async function collector(name, main = HERE, flags = []) {
  const [port, web] = [await freePort(), await freeTcpPort()];
  const input = flags.length > 0 ? flags : ['--queue', 'off', '--udp', `127.0.0.1:${port}`];
  const args = [main, ...input, '--max-metrics', '1000000', '--prometheus', `127.0.0.1:${web}`];
  const variables = Object.entries(process.env).filter(([key]) => !key.startsWith('AFSTATSD_'));
  const child = spawn(process.execPath, args, {
    env: Object.fromEntries(variables),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await said(child.stderr, /ready/);
  return server(name, port, child, async () => {
    const page = await (await fetch(`http://127.0.0.1:${web}/metrics`)).text();
    return page;
  });
}

export async function etsy() {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'afstatsd-bench-'));
  const config = {
    servers: [{ server: './servers/udp', address: '127.0.0.1', port }],
    mgmt_address: '127.0.0.1',
    mgmt_port: await freeTcpPort(),
    flushInterval: 10_000,
    backends: [],
  };
  writeFileSync(join(folder, 'config.js'), JSON.stringify(config));
  const child = spawn(process.execPath, [require.resolve('statsd/stats.js'), join(folder, 'config.js')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child.once('exit', () => rmSync(folder, { recursive: true }));
  await said(child.stdout, /server is up/);
  return server('etsy', port, child);
}

/** Netdata with nothing but StatsD; undefined when it doesn't start. */
export async function netdata() {
  const [port, web] = [await freePort(), await freeTcpPort()];
  const folder = mkdtempSync(join(tmpdir(), 'afstatsd-bench-'));
  for (const one of ['cache', 'lib', 'log', 'config']) mkdirSync(join(folder, one));
  const off = [
    'proc',
    'diskspace',
    'cgroups',
    'tc',
    'idlejitter',
    'timex',
    'slabinfo',
    'apps',
    'perf',
    'nfacct',
  ];
  off.push(
    'charts.d',
    'node.d',
    'python.d',
    'go.d',
    'ioping',
    'fping',
    'cups',
    'freeipmi',
    'ebpf',
    'xenstat',
  );
  off.push('debugfs', 'checks', 'enable running new plugins', 'loopsleepms', 'netdata monitoring', 'profile');
  const text = `[global]
run as user = root
update every = 1
[directories]
cache = ${folder}/cache
lib = ${folder}/lib
log = ${folder}/log
config = ${folder}/config
home = ${folder}
[db]
mode = ram
[ml]
enabled = no
[health]
enabled = no
[registry]
enabled = no
[web]
bind to = 127.0.0.1
default port = ${web}
[plugins]
${off.map((one) => `${one} = no`).join('\n')}
statsd = yes
[statsd]
enabled = yes
bind to = udp:127.0.0.1:${port}
private charts hard limit = 1000
`;
  writeFileSync(join(folder, 'netdata.conf'), text);
  const child = spawn('netdata', ['-D', '-c', join(folder, 'netdata.conf')], { stdio: 'ignore' });
  child.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (let tries = 0; tries < 400 && row(port) === undefined; tries++) await delay(25);
  await delay(1000);
  return child.exitCode === null && row(port) !== undefined ? server('netdata', port, child) : undefined;
}

/** What the kernel says of a UDP port. */
function row(port) {
  const rows = readFileSync('/proc/net/udp', 'utf8').split('\n');
  const fields = rows.map((text) => text.trim().split(/\s+/));
  return fields.find(([, address]) => Number.parseInt(address?.split(':')[1], 16) === port);
}

function said(stream, pattern) {
  let text = '';
  return new Promise((resolve, reject) => {
    stream.on('data', (data) => {
      text += data;
      if (pattern.test(text)) resolve();
    });
    stream.once('end', () => reject(new Error(`a server ended:\n${text}`)));
  });
}

function server(name, port, child, page) {
  return {
    name,
    port,
    page,
    /** CPU of all its threads, in µs. */
    cpu() {
      const tasks = `/proc/${child.pid}/task`;
      let ns = 0;
      for (const task of readdirSync(tasks)) {
        ns += Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]);
      }
      return ns / 1000;
    },
    /** Bytes of memory. */
    resident: () =>
      1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]),
    /** Bytes of the kernel's memory that wait to be read. */
    waiting: () => Number.parseInt(row(port)?.[4].split(':')[1] ?? '0', 16),
    /** Datagrams that the kernel dropped so far. */
    dropped: () => Number(row(port)?.at(-1) ?? 0),
    async stop() {
      child.kill(name === 'etsy' || name === 'netdata' ? 'SIGKILL' : 'SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
