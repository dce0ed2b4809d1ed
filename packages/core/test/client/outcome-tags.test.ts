import { setImmediate as turn } from 'node:timers/promises';
import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import type { Ended, TimeOptions } from '../../src/index.js';

describe('time with outcomeTags', () => {
  const makeClient = useClients();
  const byOutcome = ({ outcome }: Ended): { outcome: string } => ({ outcome });

  it('tags a call by how it ended, by its result and by its error', async () => {
    const recorded = makeClient();
    const given: Ended[] = [];
    const pay = recorded.statsd.time(
      'pay',
      (cents: number) => {
        if (cents < 0) throw new RangeError('negative');
        return `paid ${cents}`;
      },
      {
        tags: { provider: 'acme', outcome: 'none' },
        outcomeTags(ended) {
          given.push(ended);
          return byOutcome(ended);
        },
      },
    );
    expect(pay(5)).to.equal('paid 5');
    expect(() => pay(-1)).to.throw(RangeError, 'negative');
    expect(given[0]).to.deep.equal({ outcome: 'success', result: 'paid 5', error: undefined });
    expect(given[1])
      .to.deep.include({ outcome: 'failure', result: undefined })
      .and.have.property('error')
      .that.is.instanceOf(RangeError);
    expect(await recorded.counts()).to.deep.equal({
      'timer pay success acme': 1,
      'timer pay failure acme': 1,
    });
  });

  it('follows promises and generators', async () => {
    const recorded = makeClient();
    const load = recorded.statsd.time(
      'load',
      async (ok: boolean) => {
        await turn();
        if (!ok) throw new Error('on purpose');
        return 404;
      },
      { outcomeTags: ({ result, error }) => ({ status: result as number, failed: error !== undefined }) },
    );
    expect(await load(true)).to.equal(404);
    await load(false).catch(() => {});
    const walk = recorded.statsd.time(
      'walk',
      function* walk() {
        yield 1;
        yield 2;
      },
      { outcomeTags: byOutcome },
    );
    for (const step of walk()) if (step === 1) break;
    expect([...walk()]).to.deep.equal([1, 2]);
    expect(await recorded.counts()).to.deep.equal({
      'timer load false 404': 1,
      'timer load true': 1,
      'timer walk cancelled': 1,
      'timer walk success': 1,
    });
  });

  it('keeps the other tags when the function throws, gives no tags, or a promise that is rejected', async () => {
    const recorded = makeClient();
    const wrong: unknown[] = [
      () => {
        throw new Error('on purpose');
      },
      () => undefined,
      async () => {
        throw new Error('nobody waits for it');
      },
    ];
    for (const outcomeTags of wrong) {
      const options = { tags: { a: 1 }, outcomeTags } as TimeOptions;
      expect(recorded.statsd.time('pay', () => 7, options)()).to.equal(7);
    }
    expect(await recorded.counts()).to.deep.equal({ 'timer pay 1': 3 });
    expect(recorded.log.warnings).to.deep.equal([
      'afstatsd: the outcomeTags function of timer "pay" threw "Error: on purpose" (said once)',
    ]);
  });

  it('passes a sample rate on, and takes several names', async () => {
    const recorded = makeClient();
    recorded.statsd.time(['a', 'b'], () => 7, { sampleRate: 0.5, outcomeTags: byOutcome })();
    expect(await recorded.counts()).to.deep.equal({ 'timer a success': 1, 'timer b success': 1 });
    expect(recorded.log.warnings).to.deep.equal([]);
  });
});
