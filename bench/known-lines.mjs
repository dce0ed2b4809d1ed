// What a line costs the collector without any socket: found by its bytes, added up, and handed to a Prometheus output; beside
// the plain decoder and the same output, which is the way of a line that isn't known. CPU time of one thread.
//   node bench/known-lines.mjs
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { decodeLines } from '@afstatsd/core';

const require = createRequire(import.meta.url);
const collector = join(require.resolve('@afstatsd/collector/package.json'), '../dist/src');
const { KnownLines } = require(join(collector, 'lines/known-lines.js'));
const { Pending } = require(join(collector, 'lines/pending.js'));
const { BatchTaker } = require(join(collector, 'lines/batch-taker.js'));
const { Receiver } = require(join(collector, 'receiver.js'));
const { Recording, scalesOf } = createRequire(join(collector, 'receiver.js'))('@afstatsd/prometheus/parts');

const LINES_A_MESSAGE = 10;
/** Lines between two batches: as many as come in a second or less. */
const LINES_A_BATCH = 50_000;
const ROUNDS = 3;

function messages(series, tagged) {
  const lines = Array.from({ length: series }, (_, i) => {
    const kind = ['web', 'api', 'jobs'][i % 3];
    return `shop.${kind}.service${i}.calls:${i % 7}|c${tagged ? `|#region:r${i % 4},tier:t${i % 3}` : ''}`;
  });
  const list = [];
  for (let at = 0; at < series; at += LINES_A_MESSAGE)
    list.push(Buffer.from(lines.slice(at, at + LINES_A_MESSAGE).join('\n')));
  return list;
}

function newReceiver(series) {
  const receiver = new Receiver(series, () => {});
  const recording = new Recording(scalesOf({}), { maxMetrics: series * 2, logger: console });
  receiver.outputs = [
    { ingest: (metric) => void recording.ingest(metric), bind: (metric) => recording.bind(metric) },
  ];
  return receiver;
}

/** Two ways to read all messages once. */
function waysOf(series) {
  const receiver = newReceiver(series);
  const taker = new BatchTaker(receiver, 'udp');
  let lines = 0;
  const hand = () => {
    const batch = pending.take();
    const { ids, counts, numbers, lines: text } = batch;
    const transfer = [ids, counts, numbers, text.text, text.ends].map(({ buffer }) => buffer);
    taker.take(structuredClone(batch, { transfer }), () => {});
    taker.finish();
    lines = 0;
  };
  const pending = new Pending(hand);
  const known = new KnownLines(pending, { grammar: 'lines', keys: receiver.knownLines });
  const plain = newReceiver(series);
  return {
    'by its bytes': (list) => {
      for (const message of list) {
        known.read(message, 0, message.length);
        lines += LINES_A_MESSAGE;
        if (lines >= LINES_A_BATCH) hand();
      }
      hand();
    },
    'by the plain decoder': (list) => {
      for (const message of list) plain.take(decodeLines(message), 'udp');
    },
  };
}

function cpu() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

for (const tagged of [true, false]) {
  for (const series of [1e3, 1e4, 1e5]) {
    const list = messages(series, tagged);
    const repeats = Math.max(1, 1e5 / series);
    const all = Object.entries(waysOf(series));
    const least = new Map(all.map(([name]) => [name, Infinity]));
    // The first three rounds are for V8, and for names to be known.
    for (let round = -3; round < ROUNDS; round++) {
      for (const [name, read] of all) {
        const before = cpu();
        for (let i = 0; i < repeats; i++) read(list);
        const ns = (1000 * (cpu() - before)) / (repeats * series);
        if (round >= 0) least.set(name, Math.min(least.get(name), ns));
      }
    }
    const [known, plain] = [...least.values()];
    console.log(
      `${tagged ? 'two tags' : 'no tags '} ${String(series).padStart(8)} series  by its bytes ${known.toFixed(0).padStart(5)} ns a line, by the plain decoder ${plain.toFixed(0).padStart(5)} (${(known / plain).toFixed(2)})`,
    );
  }
}
