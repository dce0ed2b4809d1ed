// The collector and etsy's statsd as processes, and what they print added up.
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/** A port of 127.0.0.1 that nobody has. */
export async function freePort() {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise((done) => socket.close(done));
  return port;
}

/** The collector, with `--json` each second and the flags given. */
export async function startCollector(...flags) {
  const program = join(require.resolve('@afstatsd/collector/package.json'), '../dist/src/main.js');
  const variables = Object.entries(process.env).filter(([name]) => !name.startsWith('AFSTATSD_'));
  const child = spawn(process.execPath, [program, '--json', '--interval', '1s', ...flags], {
    env: Object.fromEntries(variables),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const messages = createInterface({ input: child.stderr });
  let said = '';
  await new Promise((ready, failed) => {
    messages.on('line', (line) => {
      said += `${line}\n`;
      if (line.endsWith('afstatsd-collector: ready')) ready();
    });
    child.once('exit', (code) => failed(new Error(`the collector ended with ${code}:\n${said}`)));
  });
  return receiver(child, ({ metrics }) => {
    let [counted, timed] = [0, 0];
    for (const { type, name, value, count } of metrics) {
      if (!name.startsWith('bench.')) continue;
      if (type === 'counter') counted += value;
      if (type === 'timer') timed += count;
    }
    return { counted, timed };
  });
}

/** etsy's statsd, which prints each second what it has. */
export async function startEtsy(port) {
  const folder = mkdtempSync(join(tmpdir(), 'afstatsd-bench-'));
  const config = {
    servers: [{ server: './servers/udp', address: '127.0.0.1', port }],
    mgmt_address: '127.0.0.1',
    mgmt_port: await freePort(),
    flushInterval: 1000,
    deleteIdleStats: true,
    backends: [fileURLToPath(new URL('etsy-backend.cjs', import.meta.url))],
  };
  writeFileSync(join(folder, 'config.js'), JSON.stringify(config));
  const child = spawn(process.execPath, [require.resolve('statsd/stats.js'), join(folder, 'config.js')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child.once('exit', () => rmSync(folder, { recursive: true }));
  const started = receiver(child, ({ counters, timers }) => {
    let [counted, timed] = [0, 0];
    for (const [name, value] of Object.entries(counters)) if (name.startsWith('bench.')) counted += value;
    for (const { count } of Object.values(timers)) timed += count;
    return { counted, timed };
  });
  await started.printed(); // the first flush: it is up
  return started;
}

/** @param read - What one printed line adds to the totals. */
function receiver(child, read) {
  const totals = { counted: 0, timed: 0 };
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    if (!line.startsWith('{')) return; // statsd says when it reads its configuration
    const { counted, timed } = read(JSON.parse(line));
    totals.counted += counted;
    totals.timed += timed;
  });
  const printed = () => once(lines, 'line');
  return {
    totals,
    printed,
    /** CPU of all its threads that are there, in ms. */
    cpu() {
      const tasks = `/proc/${child.pid}/task`;
      const ran = readdirSync(tasks).map((task) => readFileSync(`${tasks}/${task}/schedstat`, 'utf8'));
      return ran.reduce((sum, text) => sum + Number(text.split(' ')[0]), 0) / 1e6;
    },
    /** The most memory that it ever had, in MB. */
    memory() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)[1]) / 1024;
    },
    /** Resolves once it has printed all that was sent, or nothing more for two flushes. */
    async settled({ counted, timed }) {
      for (let idle = 0; idle < 2;) {
        const before = totals.counted + totals.timed;
        await Promise.race([printed(), new Promise((done) => setTimeout(done, 1100))]);
        if (totals.counted >= counted && totals.timed >= timed) return;
        idle = totals.counted + totals.timed === before ? idle + 1 : 0;
      }
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
