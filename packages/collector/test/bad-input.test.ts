import { readFileSync } from 'node:fs';
import { freePort, until } from '@afstatsd/testing';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import type { CollectorProgram } from './support/collector-program.js';
import { sendDatagrams } from './support/send-datagrams.js';
import { useStage } from './support/stage.js';

/** Resident memory in MB. */
function memoryOf({ child }: CollectorProgram): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
}

describe('the collector program, given what nobody should send,', () => {
  const at = useStage();

  it('goes on, and counts what it cannot read', async () => {
    const [queue, port] = [at.queueName(), await freePort()];
    const collector = await at.collector(['--queue', queue, '--udp', `127.0.0.1:${port}`]).ready();
    const garbage = fc.sample(
      fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 2000 }),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }).map((text) => Buffer.from(`${text}:1|c`)),
        fc
          .constantFrom('1e309', 'NaN', 'Infinity', '--1', '', '٣')
          .map((value) => Buffer.from(`bad:${value}|c`)),
        fc.constantFrom('x', 'cc', 'C', '', 'c\0\0', '\u0000').map((type) => Buffer.from(`bad:1|${type}`)),
      ),
      { numRuns: 2000, seed: 1 },
    );
    garbage.push(
      Buffer.alloc(65_507, 'a'),
      Buffer.alloc(65_507, ':'),
      Buffer.alloc(65_507, '\n'),
      Buffer.alloc(65_507),
    );
    const seen = (): number => collector.arrived.counters['afstatsd.collector.messages{input=udp}'] ?? 0;
    // In portions: it isn't the kernel's buffer that is on trial here.
    for (let i = 0; i < garbage.length;) {
      const portion = garbage.slice(
        i,
        i + (garbage.length - i > 4 ? Math.min(50, garbage.length - i - 4) : 1),
      );
      await sendDatagrams(port, portion);
      i += portion.length;
      await until('the portion has arrived', () => seen() === i);
    }
    await sendDatagrams(port, ['good:1|c']);
    const sender = at.sender(queue);
    for (const message of [...garbage, Buffer.from('good:1|c')]) {
      const cut = message.subarray(0, 2048);
      while (!sender.send(cut, 3)) sender.wait(1000);
    }
    await until('the good ones have arrived', () => collector.arrived.counters['good'] === 2);
    expect(await collector.kill('SIGTERM')).to.equal(0);
    const { counters } = collector.arrived;
    expect(counters['afstatsd.collector.messages{input=queue}']).to.equal(garbage.length + 1);
    expect(counters['afstatsd.collector.bad_lines{input=queue}']).to.be.above(1000);
    expect(counters['afstatsd.collector.bad_lines{input=udp}']).to.be.above(1000);
    expect(counters).not.to.have.any.keys('bad');
  });

  it('holds no more metrics than --max-metrics, in bounded memory, and says how many samples had no room', async () => {
    const queue = at.queueName();
    const args = [
      '--queue',
      queue,
      '--max-metrics',
      '2000',
      '--interval',
      '100ms',
      '--forward',
      'udp://127.0.0.1:9',
    ];
    // A small young generation: how far V8 lets it grow would hide whether anything stays.
    const env = { NODE_OPTIONS: '--max-semi-space-size=2' };
    const collector = await at.collector(args, { env }).ready();
    const sender = at.sender(queue);
    let next = 0;
    const sendNames = (count: number): void => {
      for (let bundles = count / 20; bundles > 0; bundles--) {
        const counters = Array.from({ length: 20 }, () => `${'n'.repeat(60)}.${next++}:1|c`);
        const others = ['g:+1|g', 't:1,2,3|ms', 's:a|s'].map(
          (metric) => `${'n'.repeat(60)}.${next}${metric}`,
        );
        const message = Buffer.from([...counters, ...others].join('::'));
        while (!sender.send(message, 3)) sender.wait(1000);
      }
    };
    const counted = (): number => collector.arrived.counters['afstatsd.collector.samples{input=queue}'] ?? 0;
    const perBundle = 20 + 1 + 3 + 1;
    sendNames(100_000);
    await until('all were read', () => counted() >= (next / 20) * perBundle);
    const before = memoryOf(collector);
    sendNames(300_000);
    await until('all were read', () => counted() >= (next / 20) * perBundle);
    const after = memoryOf(collector);
    console.log(
      `      resident after 100,000 names ${before.toFixed()} MB, after 400,000 ${after.toFixed()} MB`,
    );
    expect(after - before).to.be.below(60);
    await collector.kill('SIGTERM');
    const { counters } = collector.arrived;
    const lost = counters['afstatsd.collector.lost{output=console,reason=cardinality}'];
    expect(lost).to.be.above(300_000);
  });

  it('shows hostile names in its table without a control character', async () => {
    const port = await freePort();
    const collector = await at.collector(['--udp', `127.0.0.1:${port}`], { table: true }).ready();
    await sendDatagrams(port, [
      '\u001B]0;owned\u0007:1|c',
      'a\u001B[2Jb:1|g|#k\u009B:v\u001B[31m',
      'c\rd\u007F\u202Ee:1|ms',
      `${'x'.repeat(600)}\u001B[0m:1|c`,
      'end:1|c',
    ]);
    await until('they have arrived', () => /counter +end/.test(collector.stdout));
    expect(await collector.kill('SIGTERM')).to.equal(0);
    for (const text of [collector.stdout, collector.stderr]) {
      expect(text.replaceAll('\n', '')).not.to.match(/[\p{Cc}\p{Cf}]/u);
    }
  });
});
