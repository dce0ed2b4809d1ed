import { Counted } from '@afstatsd/decorators';
import { useRecorded } from '@afstatsd/testing';
import { expect } from 'chai';
import { mode } from '../support/mode.js';

describe(`@Counted (${mode} decorators)`, () => {
  const recorded = useRecorded();
  const { statsd } = recorded;

  class Shop {
    during: Record<string, number> | undefined;

    @Counted('calls', { statsd })
    @Counted('done', { statsd, on: 'success' })
    @Counted('failed', { statsd, on: 'failure' })
    order(fail: boolean): string {
      if (fail) throw new Error('sold out');
      return 'ordered';
    }
    @Counted('awaited', { statsd, on: 'success' })
    @Counted('rejected', { statsd, on: 'failure' })
    async pay(fail: boolean): Promise<void> {
      if (fail) throw new Error('declined');
    }
    @Counted('revenue', { statsd, delta: (result: number, [items]: [number]) => result * items })
    @Counted('lost', { statsd, on: 'failure', delta: (error: Error) => error.message.length })
    async sell(items: number): Promise<number> {
      if (items > 10) throw new Error('four');
      return 2.5;
    }
    @Counted('packs', { statsd, delta: 6 }) pack(): void {}
    @Counted('by method', {
      statsd,
      delta: -1,
      tags: (self: Shop, [fail]: [string]) => ({ fail, kind: self.constructor.name }),
    })
    give(_fail: string): void {}
  }

  it('counts every call as it begins, or those that succeed or fail as they end', async () => {
    const shop = new Shop();
    shop.order(false);
    shop.order(false);
    expect(() => shop.order(true)).to.throw('sold out');
    await shop.pay(false);
    await shop.pay(true).catch(() => {});
    expect(await recorded.counts()).to.deep.equal({
      'counter calls': 3,
      'counter done': 2,
      'counter failed': 1,
      'counter awaited': 1,
      'counter rejected': 1,
    });
  });

  it('adds a number, or what a function makes of result and arguments, or of the error', async () => {
    const shop = new Shop();
    await shop.sell(2);
    await shop.sell(3);
    await shop.sell(11).catch(() => {});
    shop.pack();
    expect(await recorded.counts()).to.deep.equal({
      'counter revenue': 13,
      'counter lost': 4,
      'counter packs': 6,
    });
    await shop.sell(1);
    expect(await recorded.counts()).to.deep.equal({ 'counter revenue': 2 });
  });

  it('has tags by this and the arguments', async () => {
    new Shop().give('no');
    new Shop().give('yes');
    expect(await recorded.counts()).to.deep.equal({
      'counter by method no Shop': -1,
      'counter by method yes Shop': -1,
    });
  });
});
