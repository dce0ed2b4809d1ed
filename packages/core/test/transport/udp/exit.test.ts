import { once } from 'node:events';
import {
  ETSY,
  type UdpReceiver,
  eventually,
  freePort,
  need,
  until,
  useReceivers,
  useServer,
} from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type Stats, probeAnswer } from '../../../src/index.js';
import type { UdpScript } from '../../programs/udp.js';
import { hits, useUdpProgram } from '../../support/udp-program.js';

async function expectHits(receiver: UdpReceiver, metrics: number): Promise<void> {
  await until('all has arrived', () => receiver.lines.length >= metrics);
  expect(receiver.lines).to.have.members(hits(metrics));
}

describe('the end of a process that sends over UDP', () => {
  const run = useUdpProgram();
  const receivers = useReceivers();
  const startEtsy = useServer(ETSY);

  for (const [host, address] of [
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]', '::1'],
    ['localhost', '127.0.0.1'],
  ] as const) {
    it(`in its first tick, with process.exit(), loses nothing on its way to ${host}`, async function () {
      if (address === '::1') need(this, 'IPv6');
      const receiver = await receivers.udp({ address });
      const program = run(`udp://${host}:${receiver.port}`, { way: 'calls process.exit' });
      expect(await program.ended()).to.include({ code: 3, stderr: '' });
      await expectHits(receiver, 3);
    });
  }

  it('with 3,000 metrics loses none at a receiver with a default buffer, and takes little time', async () => {
    const server = await startEtsy();
    const program = run(`udp://127.0.0.1:${server.port}`, { way: 'calls process.exit', metrics: 3_000 });
    expect(await program.ended()).to.include({ code: 3, stderr: '' });
    await eventually(async () => {
      const { counters } = await server.read();
      const arrived = [...counters].filter(([name]) => name.startsWith('hits.'));
      expect(arrived).to.have.lengthOf(3_000);
      expect(arrived.every(([, value]) => value === 1)).to.be.true;
    });
  });

  it('that falls off the end loses nothing', async () => {
    const receiver = await receivers.udp();
    const program = run(`udp://127.0.0.1:${receiver.port}`, { way: 'falls off the end' });
    expect(await program.ended()).to.include({ code: 0, stderr: '' });
    await expectHits(receiver, 3);
  });

  it('by an uncaught exception loses nothing', async () => {
    const receiver = await receivers.udp();
    const { code, stderr } = await run(`udp://127.0.0.1:${receiver.port}`, { way: 'throws' }).ended();
    expect(code).to.equal(1);
    expect(stderr).to.include('on purpose');
    await expectHits(receiver, 3);
  });

  it('by SIGTERM loses nothing', async () => {
    const receiver = await receivers.udp();
    const program = run(`udp://127.0.0.1:${receiver.port}`, { way: 'waits for a signal' });
    await program.message();
    program.child.kill('SIGTERM');
    expect(await program.ended()).to.include({ code: null, signal: 'SIGTERM' });
    await expectHits(receiver, 3);
  });

  it('does not wait for an open socket', async () => {
    const receiver = await receivers.udp();
    const program = run(`udp://127.0.0.1:${receiver.port}`, { way: 'flushes and ends' });
    const { code, stdout, stderr } = await program.ended();
    expect({ code, stderr, result: JSON.parse(stdout) as unknown }).to.deep.equal({
      code: 0,
      stderr: '',
      result: { sent: 3, pending: 0 },
    });
    await expectHits(receiver, 3);
  });

  it('loses nothing of what its worker threads recorded before they ended', async () => {
    const receiver = await receivers.udp();
    const program = run(`udp://127.0.0.1:${receiver.port}`, { way: 'lets worker threads record' });
    expect(await program.ended()).to.include({ code: 0, stderr: '' });
    await until('all has arrived', () => receiver.lines.length >= 6);
    expect(receiver.lines).to.have.members([...hits(3), ...hits(3)]);
  });

  it('keeps everything pending, warns once, says what is lost and ends without delay, if the host has no address', async () => {
    const program = run('udp://no-such-host.invalid:8125', { way: 'flushes twice and exits' });
    await program.message();
    const began = performance.now();
    await once(program.child, 'exit');
    expect(performance.now() - began, 'far less than exitTimeout').to.be.below(50_000);
    const { code, stdout, stderr } = await program.ended();
    expect(code).to.equal(3);
    const [results, stats] = stdout.split('\n').map((line) => JSON.parse(line) as unknown);
    expect(results).to.deep.equal([
      { sent: 0, pending: 3 },
      { sent: 0, pending: 3 },
    ]);
    expect(stats).to.deep.include({
      recorded: 3,
      sent: 0,
      pending: 0,
      dropped: { cardinality: 0, ended: 3, oversize: 0 },
    });
    expect((stats as Stats).transport).to.include({ state: 'unavailable', messages: 0 });
    const warnings = stderr.split('\n').filter((line) => line.includes('StatsdWarning'));
    expect(warnings).to.have.lengthOf(2);
    expect(warnings[0]).to.match(/udp no-such-host\.invalid:8125 .*getaddrinfo/);
    expect(warnings[1]).to.match(/the process ends with 3 samples that nobody took: udp no-such-host/);
  });

  it('begins no look-up that it would have to wait for', async () => {
    const program = run('udp://no-such-host.invalid:8125', { way: 'calls process.exit' });
    expect(await program.ended()).to.include({ code: 3 });
    expect(program.stderr).to.include('was not looked up in time');
  });
});

describe('tags at the end of a process that sends over UDP without a format', function () {
  this.retries(4); // the answer has 20 ms, in which a loaded machine may not come to it

  const run = useUdpProgram();
  const receivers = useReceivers();
  const WAYS = ['calls process.exit', 'falls off the end', 'throws', 'waits for a signal'] as const;
  /** Metrics that have come; what a client reports of itself to our collector isn't one. */
  const metricLines = (receiver: UdpReceiver): string[] =>
    receiver.lines.filter((line) => !line.startsWith('_sc|afstatsd.client|'));
  const arrived = async (receiver: UdpReceiver): Promise<string[]> => {
    await until('all has arrived', () => metricLines(receiver).length >= 3);
    return metricLines(receiver);
  };

  for (const way of WAYS) {
    for (const [what, fallback] of [
      ['', false],
      [', as the fallback of a queue,', true],
    ] as const) {
      it(`that ${way}${what} are tags if the receiver answers, and folded if not`, async () => {
        for (const tagged of [true, false]) {
          const receiver = await receivers.udp(tagged ? { answer: probeAnswer(1_000) } : {});
          const udp = `udp://127.0.0.1:${receiver.port}`;
          const url = fallback ? `mq:///afstatsd-test-absent-${process.pid}?fallback=${udp}` : udp;
          const program = run(url, { way, tagged: true });
          if (way === 'waits for a signal') {
            await program.message();
            program.child.kill('SIGTERM');
          }
          await program.ended();
          const lines = Array.from({ length: 3 }, (_, i) =>
            tagged ? `hits.${i}:1|c|#way:out` : `hits.${i}.out:1|c`,
          );
          expect(await arrived(receiver)).to.have.members(lines);
        }
      });
    }
  }

  it('are tags of a worker thread, too', async () => {
    const receiver = await receivers.udp({ answer: probeAnswer(1_000) });
    const script: UdpScript = { way: 'lets worker threads record', tagged: true };
    await run(`udp://127.0.0.1:${receiver.port}`, script).ended();
    await until('all has arrived', () => metricLines(receiver).length === 6);
    expect(receiver.lines.join()).not.to.include('hits.0.out');
  });

  it('stay where they are if nobody listens, which is said', async () => {
    const port = await freePort();
    const program = run(`udp://127.0.0.1:${port}`, { way: 'calls process.exit', tagged: true });
    expect(await program.ended()).to.include({ code: 3 });
    expect(program.stderr).to.include(`udp 127.0.0.1:${port} (etsy): nobody listens there (ECONNREFUSED)`);
  });
});
