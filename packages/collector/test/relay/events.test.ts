import { probeAnswer } from '@afstatsd/core';
import { until, useCleanup, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Log } from '../../src/log.js';
import { ForwardOutput } from '../../src/output/forward/forward.js';
import { useCollectorOnUdp } from '../support/on-udp.js';
import { sendDatagrams } from '../support/send-datagrams.js';

const EVENT = String.raw`_e{5,11}:title|some\ntext|d:1795354531|h:web1|p:low|t:error|#env:prod,solo|c:in-1234`;
const CHECK = '_sc|db.up|2|d:1795354531|h:web1|#env:prod|m:timed out';

describe("DogStatsD's events and service checks", () => {
  const receivers = useReceivers();
  const later = useCleanup();

  function forwardTo(url: string): { output: ForwardOutput; lines: string[] } {
    const lines: string[] = [];
    const log = new Log((line) => lines.push(line));
    const output = new ForwardOutput({ url, interval: 3_600_000, maxMetrics: 100, log });
    later(() => output.close(0));
    return { output, lines };
  }

  it('are passed on over UDP to a server that was said to speak it, each as it stood', async () => {
    const server = await receivers.udp();
    const { output } = forwardTo(`udp://127.0.0.1:${server.port}?format=dogstatsd`);
    for (const line of [EVENT, CHECK]) output.ingestEvent(line);
    await until('they are there', () => server.messages.length === 2);
    expect(server.messages).to.deep.equal([EVENT, CHECK]);
    expect(output.stats().events).to.deep.equal({ sent: 2, lost: 0 });
  });

  it('are passed on to a name', async () => {
    const server = await receivers.udp();
    const { output } = forwardTo(`udp://localhost:${server.port}?format=dogstatsd`);
    output.ingestEvent(EVENT);
    await until('it is there', () => server.messages.length === 1);
  });

  it('are passed on over a UNIX socket, and wait until it is there', async () => {
    const path = receivers.socketPath();
    const { output } = forwardTo(`unix://${path}`);
    for (const line of [EVENT, CHECK]) output.ingestEvent(line);
    const server = receivers.unix(path);
    const messages: string[] = [];
    await until('they are there', () => messages.push(...server.readAll()) === 2);
    expect(messages).to.deep.equal([EVENT, CHECK]);
  });

  it('are passed on to a collector of ours, and to no other server whose format nobody has said', async () => {
    const ours = await receivers.udp({ answer: probeAnswer(1000) });
    const etsy = await receivers.udp();
    const others = [etsy.port, ours.port].map((port) => forwardTo(`udp://127.0.0.1:${port}`).output);
    for (const output of others) output.ingestEvent(EVENT);
    await until('it is there', () => ours.messages.length === 1);
    await Promise.all(others.map((output) => output.close(1000)));
    expect(etsy.messages).to.deep.equal([]);
    expect(others.map((output) => output.stats().events)).to.deep.equal([
      { sent: 0, lost: 0 },
      { sent: 1, lost: 0 },
    ]);
  });

  it('go nowhere in other formats', async () => {
    const server = await receivers.udp();
    const { output } = forwardTo(`udp://127.0.0.1:${server.port}?format=etsy`);
    output.ingestEvent(EVENT);
    expect(output.stats().events).to.equal(undefined);
    await output.close(1000);
    expect(server.messages).to.deep.equal([]);
  });

  it('are bounded while the server is away: the oldest go, are counted, and said', async () => {
    const { output, lines } = forwardTo(`unix://${receivers.socketPath()}`);
    for (let at = 0; at < 1_200; at++) output.ingestEvent(`_e{1,1}:t|${at}`);
    expect(output.stats().events).to.deep.equal({ sent: 0, lost: 200 });
    expect(lines.filter((line) => line.includes('more than 1000 events wait'))).to.have.length(1);
    await output.close(1000);
    expect(output.stats().events).to.deep.equal({ sent: 0, lost: 1_200 });
  });

  it('are lost if the server could not read them, and said', async () => {
    const server = await receivers.udp();
    const { output, lines } = forwardTo(`udp://127.0.0.1:${server.port}?format=dogstatsd`);
    output.ingestEvent(`_e{1,9000}:t|${'x'.repeat(9_000)}`);
    output.ingestEvent(EVENT);
    await until('the other one is there', () => server.messages.length === 1);
    expect(output.stats().events).to.deep.equal({ sent: 1, lost: 1 });
    expect(lines.filter((line) => line.includes('longer than 8192 bytes'))).to.have.length(1);
  });

  describe('through the program', () => {
    const startCollector = useCollectorOnUdp();

    it('pass two collectors, and are counted by each', async () => {
      const server = await receivers.udp();
      const last = await startCollector('--forward', `udp://127.0.0.1:${server.port}?format=dogstatsd`);
      const first = await startCollector('--forward', `udp://127.0.0.1:${last.port}`);
      await sendDatagrams(first.port, [`${EVENT}\nhits:1|c\n${CHECK}`]);
      await until('they are there', () => [EVENT, CHECK].every((line) => server.messages.includes(line)));
      await first.stop();
      await last.stop();
      const counted = ({ program }: typeof first, name: string): unknown =>
        program.arrived.counters[`afstatsd.collector.${name}{input=udp}`];
      expect(counted(first, 'events')).to.equal(1);
      expect(counted(first, 'service_checks')).to.equal(1);
      // The last one has the first one's own number as well.
      expect(counted(last, 'events')).to.equal(2);
    });
  });
});
