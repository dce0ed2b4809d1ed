import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type Program, until, usePrograms } from '@afstatsd/testing';
import { type Decoded, decode } from '../../src/index.js';
import { useStage } from '../support/stage.js';

function tagOf({ tags = [] }: Decoded, key: string): string | undefined {
  return tags.find(([own]) => own === key)?.[1];
}

describe('a program that collects runtime metrics', () => {
  const at = useStage();
  const programs = usePrograms();

  /** What the program has sent to its end, by name. The queue is read meanwhile, because it holds ten messages. */
  async function sentBy(program: Program): Promise<(name: string) => Decoded[]> {
    const metrics: Decoded[] = [];
    const read = (): void => {
      for (const { text } of at.queue.readAll()) metrics.push(...decode(text).metrics);
    };
    let isOver = false;
    const ended = program.ended().finally(() => (isOver = true));
    await until('the program has ended', () => {
      read();
      return isOver;
    });
    read();
    const { code, stderr } = await ended;
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    return (name) => metrics.filter((metric) => metric.name === name);
  }

  for (const by of ['call', 'environment'] as const) {
    const env = by === 'environment' ? { AFSTATSD_RUNTIME: '1' } : {};

    it(`by ${by} ends as it would, and its last metrics arrive`, async () => {
      const arrived = await sentBy(at.start('runtime-metrics', { by }, env));
      const heaps = arrived('nodejs.heap.size.used.bytes');
      expect(heaps.at(-1)).to.have.property('value').above(1_000_000);
      // On a busy machine it lives long enough for a flush before the last one. They are of one thread all the same.
      expect(new Set(heaps.map((gauge) => tagOf(gauge, 'thread')))).to.have.property('size', 1);
    });
  }

  it('has gauges for each process of a cluster, none of which overwrites another', async () => {
    const arrived = await sentBy(at.start('runtime-metrics', { by: 'call', forks: 2 }));
    const processes = arrived('process.resident.memory.bytes').map((gauge) => tagOf(gauge, 'process'));
    expect(new Set(processes)).to.have.property('size', 3);
    for (const name of processes) expect(name).to.match(/^.+-\d+$/);
  });

  it('has gauges for each thread, and those of the process once', async () => {
    const named = await sentBy(at.start('runtime-metrics', { by: 'call', threads: 2 }));
    const threads = named('nodejs.heap.size.used.bytes').map((gauge) => tagOf(gauge, 'thread'));
    expect([...new Set(threads)]).to.have.members(['1', '2', 'main']);
    // Once a reading, of which the main thread has more than one on a busy machine.
    const readings = threads.filter((thread) => thread === 'main').length;
    expect(
      new Set(named('nodejs.heap.size.used.bytes').map((gauge) => tagOf(gauge, 'process'))).size,
    ).to.equal(1);
    expect(named('process.resident.memory.bytes')).to.have.length(readings);
    expect(named('process.cpu.seconds')).to.have.length(readings);
  });

  it('needs no line of code, with --import', async () => {
    const program = programs.node(['--import', '@afstatsd/core/runtime', '-e', 'setTimeout(() => {}, 10)'], {
      env: { AFSTATSD_URL: at.queue.url },
    });
    const arrived = await sentBy(program);
    expect(arrived('nodejs.version.info')).to.have.length(1);
  });
});
