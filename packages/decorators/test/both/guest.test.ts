import { type StatsdClient } from '@afstatsd/core';
import { Counted, Gauge, type Recorder, Timed } from '@afstatsd/decorators';
import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { mode } from '../support/mode.js';

const fail = (): never => {
  throw new Error('on purpose');
};

/** Its own for each mode, since a warning is given once in a process. */
const timed = `${mode}.timed`;

/** A class whose methods have every decorator, with these options. */
function makeShop(options: {
  statsd: Recorder;
  tags?: () => never;
  value?: () => never;
  delta?: () => never;
}) {
  const { statsd, tags, value, delta } = options;
  const tagged = { statsd, ...(tags && { tags }) };
  class Shop {
    readonly pending = Promise.resolve('paid');
    @Timed(timed, tagged)
    @Counted('counted', { ...tagged, ...(delta && { delta }) })
    @Gauge('gauge', { ...tagged, value: value ?? ((result: string) => result.length) })
    sell(item: string): string {
      return `sold ${item}`;
    }
    @Timed(timed, tagged)
    @Counted('counted', { ...tagged, on: 'success' })
    @Gauge('gauge', { ...tagged, value: () => 1 })
    async pay(): Promise<string> {
      return this.pending;
    }
    @Timed(timed, tagged)
    @Counted('counted', { ...tagged, on: 'failure' })
    @Gauge('flying', { statsd, inFlight: true })
    refuse(): void {
      throw new RangeError('none left');
    }
    @Timed(timed, tagged) @Counted('counted', { ...tagged, on: 'success' }) *list(): Generator<number> {
      yield 1;
      yield 2;
    }
    @Gauge('polled', { statsd, poll: true }) get size(): number {
      return 5;
    }
  }
  return Shop;
}

async function expectUntouched(Shop: ReturnType<typeof makeShop>): Promise<void> {
  const shop = new Shop();
  expect(shop.sell('shoes')).to.equal('sold shoes');
  expect(await shop.pay()).to.equal('paid');
  expect(() => shop.refuse()).to.throw(RangeError, 'none left');
  expect([...shop.list()]).to.deep.equal([1, 2]);
  expect(shop.size).to.equal(5);
}

describe(`a decorated method goes on as if nothing was (${mode} decorators)`, () => {
  const makeClient = useClients();

  it('when the recorder throws, which is said once for each metric', async () => {
    const warned: string[] = [];
    const statsd: Recorder = {
      increment: fail,
      timing: fail,
      updateStats: fail,
      gauge: fail,
      warnOnce: (kind, text) => void (warned.includes(kind) || warned.push(kind, text())),
    };
    const Shop = makeShop({ statsd });
    await expectUntouched(Shop);
    await expectUntouched(Shop);
    expect(warned).to.include(`the client of @Timed on ${timed} threw "Error: on purpose"`);
    expect(new Set(warned).size).to.equal(warned.length);
  });

  it('when the recorder can say nothing, or its warnOnce throws, too', async () => {
    const gauge = fail as unknown as StatsdClient['gauge'];
    const heard: string[] = [];
    const hear = (warning: Error): void => void heard.push(warning.message);
    process.on('warning', hear);
    try {
      const silent: Recorder = { increment: fail, timing: fail, updateStats: fail, gauge };
      await expectUntouched(makeShop({ statsd: silent }));
      await expectUntouched(makeShop({ statsd: { ...silent, warnOnce: fail } }));
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('warning', hear);
    }
    expect(heard).to.include(
      `afstatsd: the client of @Timed on ${timed} threw "Error: on purpose" (said once)`,
    );
    expect(heard.filter((line) => line.includes(`client of @Timed on ${timed}`))).to.have.length(1);
  });

  it('when the tags function throws: the call is recorded without tags, and that is said once', async () => {
    const recorded = makeClient();
    const Shop = makeShop({ statsd: recorded.statsd, tags: fail });
    await expectUntouched(Shop);
    await expectUntouched(Shop);
    expect(await recorded.counts()).to.deep.include({
      [`timer ${timed}`]: 8,
      [`counter ${timed}.errors`]: 2,
      'counter counted': 8,
    });
    expect(recorded.log.warnings).to.deep.equal([
      `afstatsd: the tags function of @Timed on ${timed} threw "Error: on purpose" (said once)`,
      'afstatsd: the tags function of @Counted on counted threw "Error: on purpose" (said once)',
      'afstatsd: the tags function of @Gauge on gauge threw "Error: on purpose" (said once)',
    ]);
  });

  it('when value or delta throws: only that is missing', async () => {
    const recorded = makeClient();
    await expectUntouched(makeShop({ statsd: recorded.statsd, value: fail, delta: fail }));
    const counts = await recorded.counts();
    expect(counts).to.include({ [`timer ${timed}`]: 4, 'counter counted': 3, 'gauge gauge': 1 });
    expect(recorded.log.warnings).to.deep.equal([
      'afstatsd: the value function of @Gauge on gauge threw "Error: on purpose" (said once)',
      'afstatsd: the delta function of @Counted on counted threw "Error: on purpose" (said once)',
    ]);
  });

  it('when the logger and onError throw', async () => {
    const logger = { warn: fail, info: fail };
    const recorded = makeClient({ logger, onError: fail });
    await expectUntouched(makeShop({ statsd: recorded.statsd, tags: fail, value: fail, delta: fail }));
    expect(await recorded.counts()).to.include({ [`timer ${timed}`]: 4 });
  });

  it('when the client is shut down', async () => {
    const recorded = makeClient();
    const Shop = makeShop({ statsd: recorded.statsd });
    await recorded.statsd.shutdown();
    await expectUntouched(Shop);
  });

  it('when an error can not be put into words', async () => {
    const recorded = makeClient();
    const hostile = Object.assign(Object.create(null) as object, { toString: fail });
    class Shop {
      @Timed('hostile', {
        statsd: recorded.statsd,
        tags: () => {
          throw hostile as unknown as Error;
        },
      })
      sell(): number {
        return 1;
      }
    }
    expect(new Shop().sell()).to.equal(1);
    expect(recorded.log.warnings).to.have.length(1);
  });
});
