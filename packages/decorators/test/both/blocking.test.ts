import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Timed, instrumentedMethods } from '@afstatsd/decorators';
import { type Recorded, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { Observable, firstValueFrom } from 'rxjs';
import { mode } from '../support/mode.js';

/** Holds the event loop for at least so long. */
function hold(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}

describe(`how a timed call holds the event loop (${mode} decorators)`, () => {
  const makeClient = useClients();
  let recorded: Recorded;
  beforeEach(() => (recorded = makeClient()));

  /** The sum of a timer's values, in ms. */
  async function sum(name: string): Promise<number> {
    await recorded.statsd.flush();
    const values = recorded.memory.find(name).flatMap((m) => ('values' in m ? m.values : []));
    return values.reduce((total, ms) => total + ms, 0);
  }

  it('is a timer of its own, with the tags of the call', async () => {
    const { statsd } = recorded;
    class Shop {
      @Timed('report', { statsd, blocking: true, tags: (_self: Shop, [kind]: [string]) => ({ kind }) })
      async report(kind: string): Promise<string> {
        await sleep(1);
        hold(10);
        return kind;
      }
    }
    expect(await new Shop().report('year')).to.equal('year');
    expect(await sum('report.blocked')).to.be.within(10, await sum('report'));
    expect(await recorded.counts()).to.deep.equal({ 'timer report year': 1, 'timer report.blocked year': 1 });
  });

  it('counts as an error, and throws, as without', async () => {
    const { statsd } = recorded;
    class Shop {
      @Timed({ statsd, blocking: true }) async report(): Promise<void> {
        throw new Error('on purpose');
      }
      @Timed({ statsd, blocking: true }) total(): number {
        throw new Error('on purpose');
      }
    }
    const error: unknown = await new Shop().report().catch((thrown: unknown) => thrown);
    expect(error).to.be.an('error').with.property('message', 'on purpose');
    expect(() => new Shop().total()).to.throw('on purpose');
    expect(await recorded.counts()).to.deep.equal({
      'timer Shop.report': 1,
      'timer Shop.report.blocked': 1,
      'counter Shop.report.errors': 1,
      'timer Shop.total': 1,
      'timer Shop.total.blocked': 1,
      'counter Shop.total.errors': 1,
    });
  });

  it('counts the steps of a generator and the callbacks of an Observable', async () => {
    const { statsd } = recorded;
    class Shop {
      @Timed('pages', { statsd, blocking: true }) async *pages(): AsyncGenerator<number> {
        await sleep(1);
        hold(5);
        yield 1;
        hold(5);
      }
      @Timed('prices', { statsd, blocking: true }) prices(): Observable<number> {
        return new Observable((subscriber) => {
          setTimeout(() => {
            hold(10);
            subscriber.next(1);
            subscriber.complete();
          }, 1);
        });
      }
    }
    for await (const page of new Shop().pages()) expect(page).to.equal(1);
    expect(await firstValueFrom(new Shop().prices())).to.equal(1);
    expect(await sum('pages.blocked')).to.be.at.least(10);
    expect(await sum('prices.blocked')).to.be.at.least(10);
  });

  it('is among the metrics of a class, where it is asked for', () => {
    class Shop {
      @Timed({ blocking: true }) report(): void {}
      @Timed({ blocking: false }) search(): void {}
    }
    expect(instrumentedMethods(Shop).map(({ metrics }) => metrics.map(({ name }) => name))).to.deep.equal([
      ['Shop.report', 'Shop.report.errors', 'Shop.report.blocked'],
      ['Shop.search', 'Shop.search.errors'],
    ]);
  });

  it('works on a class, and is true or false', async () => {
    const { statsd } = recorded;
    @Timed('shop', { statsd, blocking: true })
    class Shop {
      async report(): Promise<void> {}
    }
    await new Shop().report();
    expect(await recorded.counts()).to.include({ 'timer shop.report.blocked': 1 });
    expect(() => {
      class Other {
        @Timed('a', { blocking: 'yes' as never }) report(): void {}
      }
      return Other;
    }).to.throw(TypeError, 'option blocking must be true or false');
  });
});
