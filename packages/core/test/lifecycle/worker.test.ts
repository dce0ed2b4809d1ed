import { type Program, Totals, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { WorkerScript } from '../programs/worker.js';
import { expectAll } from '../support/expect-all.js';
import { useStage } from '../support/stage.js';

describe('a worker thread', () => {
  const at = useStage();
  const start = (script: WorkerScript): Program => at.start('worker', script);

  it('that ends loses nothing', async () => {
    expect(await start({ worker: 'ends' }).ended()).to.include({ code: 0, stdout: 'recorded\nworker: 0\n' });
    expectAll(at.arrived());
  });

  it('that calls process.exit loses nothing', async () => {
    expect(await start({ worker: 'exits' }).ended()).to.include({ code: 0, stdout: 'worker: 3\n' });
    expectAll(at.arrived());
  });

  it('that throws loses nothing', async () => {
    const { code, stdout } = await start({ worker: 'throws' }).ended();
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: 'error: on purpose\nworker: 1\n' });
    expectAll(at.arrived());
  });

  it('has a client of its own beside that of the main thread', async () => {
    expect(await start({ worker: 'ends', main: 'records too' }).ended()).to.include({ code: 0 });
    const texts = at.queue.readAll().map(({ text }) => text);
    const firsts = texts.flatMap((text, i) => (new Totals().add(text).counters.has('hits') ? [i] : []));
    expect(firsts).to.have.lengthOf(2);
    // The worker ends first; each client's counters leave before its callbacks are read.
    for (const own of [texts.slice(0, firsts[1]), texts.slice(firsts[1])]) {
      expectAll(Totals.of(own));
    }
  });

  it('sends within a second by default, since it can be terminated at any time', async () => {
    const program = start({ worker: 'stays', main: 'terminates it' });
    await until('something arrived', () => at.queue.waiting > 0);
    expectAll(at.arrived());
    program.child.send('go on');
    expect(await program.ended()).to.include({ code: 0, signal: null, stdout: 'recorded\nworker: 1\n' });
  });

  for (const main of ['terminates it', 'exits'] as const) {
    it(`does no harm when the main thread ${main} while it sends`, async () => {
      const program = start({ worker: 'keeps sending', main, interval: 0 });
      let messages = 0;
      await until('a good deal arrived', () => (messages += at.queue.readAll().length) > 20);
      program.child.send('go on');
      const { code, signal, stderr } = await program.ended();
      expect({ code, signal, stderr }).to.deep.equal({
        code: main === 'exits' ? 4 : 0,
        signal: null,
        stderr: '',
      });
    });

    it(`does no harm when the main thread ${main} while it waits for room in a full queue`, async () => {
      at.queue.fill();
      const program = start({ worker: 'ends with more than fits', main, exitTimeout: 120_000 });
      await program.printed('recorded');
      program.child.send('go on');
      const { code, signal, stderr } = await program.ended();
      expect({ code, signal, stderr }).to.deep.equal({
        code: main === 'exits' ? 4 : 0,
        signal: null,
        stderr: '',
      });
    });
  }
});
