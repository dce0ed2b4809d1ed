import { until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { useStage } from '../support/stage.js';

describe('a signal that comes again', () => {
  const at = useStage();

  for (const pause of [2, 5, 15]) {
    it(`${pause} ms after the first, while its flush waits for room, changes nothing`, async () => {
      at.queue.fill();
      const program = at.start('full-queue', { metrics: 100, exitTimeout: 60_000, until: 'killed' });
      await program.printed('ready');
      program.child.kill('SIGTERM');
      const again = performance.now() + pause;
      while (performance.now() < again);
      program.child.kill('SIGTERM');
      const counters = new Map<string, number>();
      await until('it has ended, and everything is read', () => {
        const { isRunning } = program;
        for (const [name, count] of at.arrived().counters) counters.set(name, count);
        return !isRunning;
      });
      expect(await program.ended()).to.include({ code: null, signal: 'SIGTERM' });
      expect(counters.size).to.equal(100);
    });
  }

  it('from a timer of a program that has cleaned up ends it, and what it has recorded since arrives', async () => {
    const program = at.run('raises-again', []);
    await program.printed('ready');
    program.child.kill('SIGTERM');
    expect(await program.ended()).to.include({ code: null, signal: 'SIGTERM' });
    expect(Object.fromEntries(at.arrived().counters)).to.deep.equal({ hits: 1, cleaned: 1 });
  });
});

describe('the end of a process with several clients and a full queue', () => {
  const at = useStage();

  it('takes one exitTimeout, and each client says what is lost', async () => {
    at.queue.fill();
    const { code, stdout } = await at.run('five-clients', []).ended();
    expect(code).to.equal(0);
    const [, waited] = /waited ([\d.]+) ms/.exec(stdout)!;
    expect(Number(waited)).to.be.within(2000, 9000); // five timeouts would take 10,000 ms
    expect(stdout.match(/the process ends with 1 sample that nobody took: queue/g)).to.have.lengthOf(5);
  });
});
