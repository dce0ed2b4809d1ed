// What a call of hot-shots costs, and the same call of hot-shots' client on ours: CPU in ns, its sending over UDP included. Each
// case runs in a process of its own, and the receiver in another: node bench/hot-shots.mjs
import { fork, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const file = fileURLToPath(import.meta.url);
const CLIENTS = { 'hot-shots': 'hot-shots', here: '@afstatsd/core/hot-shots' };
const MODES = {
  'each call sent': {},
  maxBufferSize: { maxBufferSize: 1432 },
  aggregation: { maxBufferSize: 1432, aggregation: true },
};
const ROUNDS = 9;

async function measure(name, mode, port) {
  const StatsD = require(CLIENTS[name]);
  const client = new StatsD({ host: '127.0.0.1', port, ...MODES[mode], errorHandler() {} });
  const names = Array.from({ length: 50 }, (_, at) => `shop.orders.${at}`);
  const calls = {
    increment: (at) => client.increment(names[at % 50]),
    'increment with tags': () => client.increment('shop.tagged', 1, { method: 'card', status: 200 }),
    timing: (at) => client.timing('shop.took', at % 500),
  };
  const each = mode === 'each call sent' ? 4000 : 60_000;
  const figures = {};
  for (const [call, run] of Object.entries(calls)) {
    let best = Infinity;
    for (let round = 0; round < ROUNDS; round++) {
      const before = process.cpuUsage();
      for (let at = 0; at < each; at++) {
        run(at);
        if (at % 1000 === 999) await new Promise(setImmediate);
      }
      await new Promise((resolve) => client.flush(() => resolve()));
      const { user, system } = process.cpuUsage(before);
      best = Math.min(best, ((user + system) / each) * 1000);
    }
    figures[call] = Math.round(best);
  }
  return figures;
}

const [, , role, name, mode, port] = process.argv;
if (role === 'receiver') {
  const socket = createSocket('udp4').bind(0, '127.0.0.1', () => process.send(socket.address().port));
} else if (role === 'client') {
  console.log(JSON.stringify(await measure(name, mode, Number(port))));
  process.exit();
} else {
  const receiver = fork(file, ['receiver']);
  receiver.once('message', (/** @type {number} */ bound) => {
    const rows = {};
    for (const one of Object.keys(MODES)) {
      for (const client of Object.keys(CLIENTS)) {
        const args = [file, 'client', client, one, String(bound)];
        rows[`${one}, ${client}`] = JSON.parse(
          spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout,
        );
      }
    }
    console.table(rows);
    receiver.kill();
  });
}
