import { expect } from 'chai';
import { describe, it } from 'mocha';
import { expectAll } from '../support/expect-all.js';
import { useStage } from '../support/stage.js';

const WAYS = [
  'falls off the end',
  'sets exitCode',
  'calls process.exit',
  'calls process.exit in a callback',
  'throws',
  'throws in a callback',
  'leaves a rejection unhandled',
  'throws as it exits',
  'calls process.exit as it exits',
] as const;

describe('the end of a process', () => {
  const at = useStage();
  const { start, arrived } = at;

  for (const way of WAYS) {
    it(`that ${way} loses nothing, and has the exit code that it has without us`, async () => {
      const [recording, silent] = await Promise.all([
        start('exit', { way }).ended(),
        start('exit', { way, silent: true }).ended(),
      ]);
      expectAll(arrived());
      expect(recording).to.include({ code: silent.code, signal: null });
      expect(recording.stderr.includes('on purpose')).to.equal(silent.stderr.includes('on purpose'));
    });
  }

  it('does not wait for the interval', async () => {
    const began = performance.now();
    await start('exit', { way: 'falls off the end' }, { AFSTATSD_INTERVAL: '1h' }).ended();
    expect(performance.now() - began).to.be.below(60_000);
    expectAll(arrived());
  });

  it('takes in what exit listeners record, whether registered before our own or after', async () => {
    expect(await start('exit', { way: 'records as it exits' }).ended()).to.include({ code: 0, stderr: '' });
    const totals = arrived();
    expectAll(totals);
    expect(totals.counters).to.include.all.keys('early', 'late', 'later');
    expect(totals.counters.get('late')).to.equal(2);
  });

  it('is not hurt by a gauge callback that throws', async () => {
    expect(await start('exit', { way: 'throws in a gauge callback' }).ended()).to.include({ code: 0 });
    expectAll(arrived());
  });

  it('is not hurt by a logger that throws', async () => {
    at.queue.unlink(); // which is worth a warning
    expect(await start('exit', { way: 'has a logger that throws' }).ended()).to.include({
      code: 0,
      stderr: '',
    });
  });
});
