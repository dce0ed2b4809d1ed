import { openQueue } from '@afstatsd/mqueue';
import { type Program, until, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { probeAnswer } from '../../src/index.js';
import type { UdpScript } from '../programs/udp.js';
import { useStage } from '../support/stage.js';
import { useUdpProgram } from '../support/udp-program.js';

/** The most that a loaded machine may add to a time, in ms. It is still well below the 20 s of the interval. */
const SLACK_MS = 8_000;

describe('the first minute of a process, with all defaults', () => {
  const at = useStage();
  const receivers = useReceivers();
  const run = useUdpProgram();
  const start = (url: string, way: UdpScript['way']): Program => run(url, { way });

  it('its first samples are on the queue about a second after they were recorded', async () => {
    const program = start(at.queue.url, 'waits for a signal');
    await program.message();
    const recorded = performance.now();
    await until('they arrive', () => at.queue.waiting > 0);
    expect(performance.now() - recorded).to.be.within(500, 1_000 + SLACK_MS);
    expect([...at.arrived().counters.keys()]).to.have.members(['hits.0', 'hits.1', 'hits.2']);
  });

  it('it says after 5 s that nobody reads, and not before', async () => {
    at.queue.unlink();
    const program = start(at.queue.url, 'waits for a signal');
    await program.message();
    const recorded = performance.now();
    await until('it is said', () => program.stderr.includes(at.queue.name));
    expect(performance.now() - recorded).to.be.within(4_000, 5_000 + SLACK_MS);
  });

  it('it says at its end that nobody reads, if that comes sooner', async () => {
    at.queue.unlink();
    const program = start(at.queue.url, 'calls process.exit');
    expect(await program.ended()).to.include({ code: 3 });
    expect(program.stderr).to.include(at.queue.name);
  });

  it('it says nothing where a collector comes a little later than the process', async () => {
    const { name } = at.queue;
    at.queue.unlink();
    const program = start(`mq://${name}?fallback=false`, 'waits for a signal');
    await program.message();
    const first = performance.now() + 2_000;
    await until('the first try is over', () => performance.now() > first);
    const late = openQueue(name, { access: 'readwrite', create: { depth: 10, messageBytes: 2112 } });
    try {
      await until('it arrives', () => late.attributes().messages > 0);
      expect(program.stderr).to.equal('');
    } finally {
      late.close();
    }
  });

  it('it has tags from its first flush on where the collector answers, and asks it from the first sample on', async () => {
    const receiver = await receivers.udp({ answer: probeAnswer(1_000) });
    const program = start(`udp://127.0.0.1:${receiver.port}`, 'waits for a signal');
    await program.message();
    await until('it asks', () => receiver.probes > 0);
    expect(receiver.messages).to.deep.equal([]);
    await until('it sends', () => receiver.messages.length > 0);
    expect(receiver.probes).to.be.at.least(1);
  });
});

describe('the interval of a process that sends to a queue', () => {
  const at = useStage();

  /** Times of arrival, in ms, with the reader's wish for an interval. */
  async function arrivals(program: Program, count: number): Promise<number[]> {
    const times: number[] = [];
    await until(
      `${count} flushes arrive`,
      () => {
        if (at.queue.readAll().length > 0) times.push(performance.now());
        return times.length >= count;
      },
      40_000,
    );
    expect(program.child.exitCode).to.equal(null);
    return times;
  }

  it('is what the reader of the queue asks for, and a wish for 1 s is heard within a second', async () => {
    const reader = openQueue(at.queue.name, { access: 'read' });
    try {
      reader.setMark(20_000);
      const program = at.run('steady', []);
      await arrivals(program, 1);
      reader.setMark(1_000);
      const asked = performance.now();
      const times = await arrivals(program, 5);
      expect(times[0]! - asked).to.be.below(1_000 + SLACK_MS);
      const gaps = times.slice(2).map((time, i) => time - times[i + 1]!);
      for (const gap of gaps) expect(gap).to.be.within(100, 1_000 + SLACK_MS);
      const sum = gaps.reduce((all, gap) => all + gap, 0);
      expect(sum / gaps.length).to.be.within(800, 1_000 + SLACK_MS);
    } finally {
      reader.close();
    }
  });

  it('of a worker thread is a second, whatever the reader asks for', async () => {
    const reader = openQueue(at.queue.name, { access: 'read' });
    try {
      reader.setMark(20_000);
      const program = at.run('steady', ['in a worker thread']);
      const times = await arrivals(program, 4);
      expect(times[3]! - times[1]!).to.be.below(2_000 + SLACK_MS);
    } finally {
      reader.close();
    }
  });
});
