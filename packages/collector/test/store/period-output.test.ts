import { decodeLines } from '@afstatsd/core';
import { until, useCleanup } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Log } from '../../src/log.js';
import { ACCEPTED, type Outcome } from '../../src/store/outcome.js';
import { PeriodOutput, type StoreOptions } from '../../src/store/period-output.js';

describe('an output that writes periods', () => {
  const later = useCleanup();

  /** A store whose lines are `name value`, a second after the first period has begun. */
  function setUp(
    answer: (body: string) => Outcome | Promise<Outcome> = () => ACCEPTED,
    options: Partial<StoreOptions> = {},
  ) {
    const bodies: string[] = [];
    let aheadMs = 0;
    const output = new PeriodOutput(
      {
        name: 'store',
        normalise: (metric) => metric,
        lines: (metric) =>
          `${metric.name} ${metric.kind === 'counter' || metric.kind === 'gauge' ? metric.value : ''}\n`,
        encode: (lines) => Promise.resolve(Buffer.from(lines)),
        async send(body) {
          const outcome = await answer(String(body));
          if (outcome.state === 'accepted') bodies.push(String(body));
          return outcome;
        },
      },
      {
        interval: 3_600_000,
        maxMetrics: 300_000,
        maxBuffer: 1e9,
        expire: {},
        globalTags: [],
        log: new Log(() => {}),
        clocks: { wall: () => Date.now() + aheadMs, steady: () => performance.now() },
        ...options,
      },
    );
    later(() => output.close(0));
    const record = (text: string): void => {
      for (const metric of decodeLines(text).metrics) output.ingest(metric);
    };
    return { output, bodies, record, ahead: (ms: number) => (aheadMs = ms) };
  }

  it('accounts for every sample, whatever becomes of it', async () => {
    const { output, bodies, record } = setUp(() => ACCEPTED, { maxMetrics: 2 });
    await output.start();
    record('hits:1|c\nhits:2|c\nlogin:1:2:3|ms\nlevel:7|g\nlevel:8|g\nusers:ann|s\ntoo:1|c\nmany:1|c');
    await output.close(5000);
    expect(bodies.join('').split('\n').sort()).to.deep.equal(['', 'hits 3', 'level 8', 'login ', 'users ']);
    const { recorded, sent, dropped } = output.stats();
    expect({ recorded, sent }).to.deep.equal({ recorded: 10, sent: 8 });
    expect(dropped).to.deep.equal({ cardinality: 2, rejected: 0, buffer: 0, refused: 0, ended: 0 });
  });

  it('counts what a store has refused, and what it has not taken at the end', async () => {
    const refusing = setUp(() => ({ state: 'refused', why: '400' }));
    const failing = setUp(() => ({ state: 'failed', why: '500' }));
    for (const { output, record } of [refusing, failing]) {
      await output.start();
      record('hits:1|c\nhits:2|c');
      await output.close(5000);
    }
    expect(refusing.output.stats()).to.include({ recorded: 2, sent: 0, errors: 1, waitingBytes: 0 });
    expect(refusing.output.stats().dropped).to.include({ refused: 2, ended: 0 });
    expect(failing.output.stats()).to.include({ recorded: 2, sent: 0, waitingBytes: 0 });
    expect(failing.output.stats().dropped).to.include({ refused: 0, ended: 2 });
  });

  it('writes large periods in batches, and holds the event loop for a short time', async () => {
    const { output, bodies } = setUp();
    await output.start();
    for (let at = 0; at < 100_000; at++)
      output.ingest({ type: 'counter', name: `a.name.of.forty.characters.or.so.${at}`, value: 1, rate: 1 });
    // In time of the processor, because a busy machine may take the processor away.
    const cpuMs = (): number => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    };
    let [longest, last] = [0, cpuMs()];
    const look = (): void => {
      const now = cpuMs();
      longest = Math.max(longest, now - last);
      last = now;
    };
    const looks = setInterval(look, 1);
    await output.close(60_000);
    clearInterval(looks);
    expect(bodies.length).to.be.above(5);
    for (const body of bodies) expect(body.length).to.be.below(510_000);
    expect(bodies.join('').split('\n')).to.have.length(100_001);
    expect(output.stats().sent).to.equal(100_000);
    // One block would be a second or so.
    expect(longest).to.be.below(400);
  });

  it('ends in time where a store does not answer', async () => {
    const { output, record } = setUp(() => new Promise(() => {}));
    await output.start();
    record('hits:1|c');
    const began = performance.now();
    await Promise.race([
      output.close(100),
      until('it has ended', () => output.stats().dropped['ended'] === 1),
    ]);
    expect(performance.now() - began).to.be.below(5_000);
  });
});
