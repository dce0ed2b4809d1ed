import { Counted, Timed } from '@afstatsd/decorators';
import { usePrograms, useRecorded } from '@afstatsd/testing';
import { expect } from 'chai';
import { FakeClock } from '../support/fake-clock.js';
import { mode } from '../support/mode.js';
import { programFile } from '../support/program-file.js';

describe(`a decorated method that returns a promise (${mode} decorators)`, () => {
  const programs = usePrograms();
  const recorded = useRecorded();
  const { statsd } = recorded;
  const error = new Error('declined');
  let clock: FakeClock;
  beforeEach(async () => {
    await recorded.metrics();
    clock = new FakeClock();
  });
  afterEach(() => clock.restore());

  class Shop {
    #finish: (value: string) => void = () => {};
    finish(): void {
      this.#finish('paid');
    }
    @Timed('pay', { statsd }) pay(): Promise<string> {
      return new Promise((resolve) => (this.#finish = resolve));
    }
    @Timed('fail', { statsd })
    @Counted('failed', { statsd, on: 'failure' })
    @Counted('done', { statsd, on: 'success' })
    async fail(): Promise<void> {
      await Promise.resolve();
      throw error;
    }
    @Timed('nothing', { statsd }) async nothing(): Promise<void> {}
    @Timed('given', { statsd }) given<T>(value: T): T {
      return value;
    }
  }

  it('is timed until it is settled', async () => {
    const shop = new Shop();
    const paid = shop.pay();
    clock.now += 250;
    await Promise.resolve();
    expect(await recorded.counts()).to.deep.equal({});
    shop.finish();
    expect(await paid).to.equal('paid');
    expect((await recorded.values())['timer pay']).to.deep.equal([250]);
  });

  it('rejects with the same error, and is counted as a failure', async () => {
    expect(await new Shop().fail().catch((caught: unknown) => caught)).to.equal(error);
    expect(await recorded.counts()).to.deep.equal({
      'timer fail': 1,
      'counter fail.errors': 1,
      'counter failed': 1,
    });
  });

  it('is settled at most one turn of the microtask queue later', async () => {
    const turns = async (promise: Promise<unknown>): Promise<number> => {
      const state = { settled: false };
      void promise.then(() => (state.settled = true));
      let count = 0;
      for (; !state.settled; count++) await Promise.resolve();
      return count;
    };
    const plain = await turns(Promise.resolve());
    expect(await turns(new Shop().given(Promise.resolve()))).to.be.within(plain, plain + 1);
    const asynchronous = await turns((async () => {})());
    expect(await turns(new Shop().nothing())).to.be.within(asynchronous, asynchronous + 1);
  });

  it('keeps the properties that the promise had of its own', async () => {
    const key = Symbol('query');
    const promise = Object.assign(Promise.resolve(1), { cancel: () => 'cancelled', [key]: 2 });
    const returned = new Shop().given(promise);
    expect(returned.cancel()).to.equal('cancelled');
    expect(returned[key]).to.equal(2);
    expect(await returned).to.equal(1);
  });

  it('is that very object, if it is of a class of its own', async () => {
    class Task<T> extends Promise<T> {}
    const task = new Task<number>((resolve) => resolve(5));
    const returned = new Shop().given(task);
    expect(returned).to.equal(task);
    expect(await returned.finally(() => {})).to.equal(5);
    expect(await recorded.counts()).to.deep.equal({ 'timer given': 1 });
  });

  it('is listened to once, though many calls return the same thenable', async () => {
    const thenable = { then: (resolve: (value: number) => void) => resolve(1) };
    const shop = new Shop();
    shop.given(thenable);
    const { then } = thenable;
    for (let i = 1; i < 100; i++) expect(shop.given(thenable).then).to.equal(then);
    expect(await thenable).to.equal(1);
    expect(await recorded.counts()).to.deep.equal({ 'timer given': 100 });
  });

  it('neither suppresses nor adds an unhandled rejection', async () => {
    const unhandled = await programs.node([programFile('rejection'), 'unhandled']).ended();
    expect(unhandled.code).to.equal(1);
    // Bun and Deno write `error:` before it, and Bun the line of the source, too.
    expect(unhandled.stderr.match(/^.*error: original rejection/gim)).to.have.length(1);
    const handled = await programs.node([programFile('rejection'), 'handled']).ended();
    expect(handled).to.include({ code: 0, stderr: '', stdout: 'original rejection\n' });
  });
});
