// What recording a program without a change of its code costs: @afstatsd/auto beside OpenTelemetry's auto-instrumentation, which is
// told to make metrics only. An app of Express asks a real Redis by ioredis for each request; requests come from here over kept
// connections. Each case runs in processes of its own, in turn. Needs `redis-server`, and npm for the packages of others.
import { execFile, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { Agent, createServer, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROUNDS = 3;
const WARM_UP = 4_000;
const REQUESTS = 12_000;
const CONNECTIONS = 8;
/** How long a program has to send what it has and to end. */
const LONGEST_END_MS = 3_000;
const ROOT = join(import.meta.dirname, '..');
/** The newest that runs on Node.js 20. It knows ioredis up to 5. */
const OTHERS = {
  '@opentelemetry/api': '1.9.0',
  '@opentelemetry/auto-instrumentations-node': '0.81.2',
  '@opentelemetry/core': '2.12.0',
  express: '5.3.0',
  'fastify-plugin': '6.0.0',
  ioredis: '5.11.1',
  koffi: '3.3.4',
};
const OURS = ['core', 'mqueue', 'express', 'fastify', 'koa', 'hono', 'auto'];

const APP = `
const express = require('express');
const { Redis } = require('ioredis');
const redis = new Redis({ path: process.argv[2] });
const app = express();
app.get('/users/:id', async (req, res) => res.json({ id: req.params.id, name: await redis.get('name') }));
const server = app.listen(0, '127.0.0.1', () => redis.once('ready', () => tell({ port: server.address().port })));
function tell(more) {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.send({ cpuMs: (userCPUTime + systemCPUTime) / 1e3, rssMB: process.memoryUsage().rss / 1e6, maxMB: maxRSS / 1e3, ...more });
}
process.on('message', () => tell());
`;

const run = promisify(execFile);
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Packages of others stay installed, because that takes longest. Ours are packed now, as they would be published. */
async function install(scratch) {
  const folder = join(ROOT, 'node_modules/.cache/afstatsd-bench-auto');
  const manifest = JSON.stringify({ private: true, dependencies: OTHERS });
  const done = join(folder, 'node_modules/.installed');
  if (!existsSync(done)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), manifest);
    await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
      cwd: folder,
    });
    writeFileSync(done, '');
  }
  for (const name of OURS) {
    const packed = join(scratch, name);
    const args = [join(ROOT, 'scripts/pnpm.mjs'), 'pack', '--pack-destination', packed];
    await run(process.execPath, args, { cwd: join(ROOT, 'packages', name) });
    const at = join(folder, 'node_modules/@afstatsd', name);
    rmSync(at, { recursive: true, force: true });
    mkdirSync(at, { recursive: true });
    await run('tar', ['-xzf', join(packed, readdirSync(packed)[0]), '-C', at, '--strip-components=1']);
  }
  symlinkSync(join(folder, 'node_modules'), join(scratch, 'node_modules'));
  writeFileSync(join(scratch, 'app.cjs'), APP);
}

/** A Redis of its own, and what takes the metrics of both. */
async function surroundings(scratch) {
  const socket = join(scratch, 'redis.sock');
  const redis = spawn(
    'redis-server',
    ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', scratch],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await new Promise((resolve) => {
    let output = '';
    redis.stdout.on('data', (chunk) => {
      output += chunk;
      if (output.includes('eady to accept connections')) resolve();
    });
  });
  const udp = createSocket('udp4').on('message', (text) => (arrived.ours += text.toString()));
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  const otlp = createServer((req, res) => {
    req.on('data', (chunk) => (arrived.otel += chunk.toString('latin1'))).on('end', () => res.end());
  }).listen(0, '127.0.0.1');
  await once(otlp, 'listening');
  const stop = () => {
    redis.kill();
    udp.close();
    otlp.closeAllConnections();
    otlp.close();
  };
  return { socket, udpPort: udp.address().port, otlpPort: otlp.address().port, stop };
}

const arrived = { ours: '', otel: '' };

const casesOf = ({ udpPort, otlpPort }) => [
  { name: 'nothing', flags: [], env: {} },
  {
    name: '@afstatsd/auto',
    flags: ['--import', '@afstatsd/auto'],
    env: { AFSTATSD_URL: `udp://127.0.0.1:${udpPort}?format=dogstatsd`, AFSTATSD_INTERVAL: '10s' },
  },
  {
    name: 'OpenTelemetry, metrics only',
    flags: ['--require', '@opentelemetry/auto-instrumentations-node/register'],
    env: {
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_METRIC_EXPORT_INTERVAL: '10000',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${otlpPort}`,
      OTEL_NODE_RESOURCE_DETECTORS: 'none',
    },
  },
];

/** Asks for the same route, a few requests at a time. */
async function ask(port, requests) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let left = requests;
  const lane = async () => {
    while (left-- > 0) {
      const [response] = await once(
        get({ port, host: '127.0.0.1', path: `/users/${left}`, agent }),
        'response',
      );
      response.resume();
      await once(response, 'end');
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  agent.destroy();
}

async function measure({ flags, env }, scratch, socket) {
  const child = spawn(process.execPath, [...flags, 'app.cjs', socket], {
    cwd: scratch,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const told = async () => (await once(child, 'message'))[0];
  const started = await told();
  const usage = () => {
    const answer = told();
    child.send('usage');
    return answer;
  };
  await ask(started.port, WARM_UP);
  const before = await usage();
  await ask(started.port, REQUESTS);
  const after = await usage();
  // Told to end, both send what they have. OpenTelemetry's listener of SIGTERM then leaves the process running.
  child.kill('SIGTERM');
  const ended = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_END_MS);
  await ended;
  clearTimeout(timer);
  return {
    startMs: started.cpuMs,
    startMB: started.rssMB,
    requestUs: ((after.cpuMs - before.cpuMs) * 1e3) / REQUESTS,
    maxMB: after.maxMB,
  };
}

const scratch = mkdtempSync(join(tmpdir(), 'afstatsd-auto-'));
let around;
try {
  await install(scratch);
  around = await surroundings(scratch);
  const cases = casesOf(around);
  const seen = cases.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, one] of cases.entries()) seen[at].push(await measure(one, scratch, around.socket));
  }
  const figures = cases.map(({ name }, at) => {
    const of = (key) => median(seen[at].map((one) => one[key]));
    return {
      name,
      startMs: of('startMs'),
      startMB: of('startMB'),
      requestUs: of('requestUs'),
      maxMB: of('maxMB'),
    };
  });
  const recorded = {
    ours: ['http.request', 'db.client.operation', 'nodejs.heap'].every((name) => arrived.ours.includes(name)),
    otel: ['http.server.request.duration', 'db.client'].map((name) => arrived.otel.includes(name)),
  };
  if (process.argv.includes('--json')) console.log(JSON.stringify({ figures, recorded }));
  else {
    console.log(`Node.js ${process.version}, median of ${ROUNDS} processes each; CPU time`);
    for (const { name, startMs, startMB, requestUs, maxMB } of figures) {
      console.log(
        `${name.padEnd(28)} ${startMs.toFixed(0).padStart(5)} ms and ${startMB.toFixed(0).padStart(3)} MB at the start, ${requestUs.toFixed(1).padStart(6)} µs a request, ${maxMB.toFixed(0).padStart(4)} MB at most`,
      );
    }
    const [alone, ours, otel] = figures.map(({ requestUs }) => requestUs);
    console.log(
      `added to a request: ${(ours - alone).toFixed(1)} µs, and ${(otel - alone).toFixed(1)} µs by OpenTelemetry`,
    );
    console.log(`arrived: ${JSON.stringify(recorded)}`);
  }
} finally {
  around?.stop();
  rmSync(scratch, { recursive: true, force: true });
}
