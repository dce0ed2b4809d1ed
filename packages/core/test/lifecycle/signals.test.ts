import type { Program } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { SignalScript } from '../programs/signals.js';
import { expectAll } from '../support/expect-all.js';
import { useStage } from '../support/stage.js';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const signal = 'SIGTERM';
const HANDLERS = (['on', 'once'] as const).flatMap((handler) =>
  (['before', 'after'] as const).map((installed) => ({ handler, installed })),
);

describe('a signal', () => {
  const { start, arrived } = useStage();

  async function ready(script: SignalScript): Promise<Program> {
    const program = start('signals', script);
    await program.printed('ready');
    return program;
  }

  for (const signal of SIGNALS) {
    it(`${signal} that the app doesn't handle flushes, and the process dies by it`, async () => {
      const program = await ready({ signal });
      program.child.kill(signal);
      expect(await program.ended()).to.include({ code: null, signal });
      expectAll(arrived());
    });

    for (const { handler, installed } of HANDLERS) {
      describe(`${signal} with a handler that the app installed with ${handler}, ${installed} the first sample`, () => {
        it('flushes, and what is recorded before the handler exits at once arrives too', async () => {
          const program = await ready({ signal, handler, installed, does: 'exits' });
          program.child.kill(signal);
          expect(await program.ended()).to.include({ code: 5, signal: null });
          const totals = arrived();
          expectAll(totals);
          expect(totals.counters.get('draining')).to.equal(1);
        });

        it('flushes, and what is recorded while the handler drains arrives too', async () => {
          const program = await ready({ signal, handler, installed, does: 'drains' });
          program.child.kill(signal);
          await program.printed('handled');
          expectAll(arrived()); // although the process lives on
          program.child.send('go on');
          expect(await program.ended()).to.include({ code: 5, signal: null });
          expect(arrived().counters.get('draining')).to.be.oneOf([1, 2]);
        });
      });
    }
  }

  for (const installed of ['before', 'after'] as const) {
    it(`leaves the process running if a handler installed ${installed} the first sample has it so, each time`, async () => {
      const program = await ready({ signal: 'SIGHUP', handler: 'on', installed, does: 'stays' });
      program.child.kill('SIGHUP');
      await program.printed('handled', 1);
      program.child.kill('SIGHUP');
      await program.printed('handled', 2);
      program.child.kill('SIGTERM');
      expect(await program.ended()).to.include({ code: null, signal: 'SIGTERM' });
      const totals = arrived();
      expectAll(totals);
      expect(totals.counters.get('draining')).to.equal(2);
    });

    it(`kills the process the second time, if the handler installed ${installed} the first sample was for once`, async () => {
      const program = await ready({ signal, handler: 'once', installed, does: 'stays' });
      program.child.kill(signal);
      await program.printed('handled');
      program.child.kill(signal);
      expect(await program.ended()).to.include({ code: null, signal });
      const totals = arrived();
      expectAll(totals);
      expect(totals.counters.get('draining')).to.equal(1);
    });
  }

  it('that a handler raises again after draining flushes again, and the process dies by it', async () => {
    const does = 'drains and raises it again';
    const program = await ready({ signal, handler: 'once', installed: 'after', does });
    program.child.kill(signal);
    await program.printed('handled');
    program.child.send('go on');
    expect(await program.ended()).to.include({ code: null, signal });
    expect(arrived().counters.get('draining')).to.equal(2);
  });

  it('has one listener of ours', async () => {
    const program = await ready({ signal });
    expect(program.stdout).to.include('listeners added: 1\n');
  });

  it('is left alone with handleSignals: false', async () => {
    const program = await ready({ signal, handleSignals: false });
    expect(program.stdout).to.include('listeners added: 0\n');
    program.child.kill(signal);
    expect(await program.ended()).to.include({ code: null, signal });
    expect(arrived().counters).to.be.empty;
  });
});
