import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';

describe('a function that is timed and returns a generator', () => {
  const makeClient = useClients();

  it('is timed from the first next to the end, with nothing changed in between', async () => {
    const { statsd, sent } = makeClient();
    const pages = statsd.time('pages', function* (count: number): Generator<number, string, string> {
      const seen: string[] = [];
      for (let page = 1; page <= count; page++) seen.push(yield page);
      return seen.join();
    });
    const book = pages(2);
    expect(await sent()).to.deep.equal([]);
    expect([book.next('unheard'), book.next('a'), book.next('b')]).to.deep.equal([
      { value: 1, done: false },
      { value: 2, done: false },
      { value: 'a,b', done: true },
    ]);
    expect((await sent()).join()).to.match(/^pages:[\d.]+\|ms$/);
  });

  it('is timed when it is asynchronous, throws, or is left early', async () => {
    const { statsd, sent } = makeClient();
    const error = new Error('torn');
    const pages = statsd.time('pages', async function* (): AsyncGenerator<number> {
      yield 1;
      throw error;
    });
    let caught: unknown;
    try {
      for await (const page of pages()) expect(page).to.equal(1);
    } catch (thrown) {
      caught = thrown;
    }
    expect(caught).to.equal(error);
    for await (const page of pages()) if (page === 1) break;
    expect((await sent()).join()).to.match(/^pages:[\d.]+,[\d.]+\|ms$/);
  });

  it('is timed to its return, if the generator is frozen', async () => {
    const { statsd, sent } = makeClient();
    const frozen = Object.freeze([1][Symbol.iterator]());
    const generator = Object.freeze({
      next: () => ({ done: true }),
      return: () => ({}),
      throw: () => ({}),
      [Symbol.iterator]: () => frozen,
    });
    expect(statsd.time('pages', () => generator)()).to.equal(generator);
    expect((await sent()).join()).to.match(/^pages:[\d.]+\|ms$/);
  });
});
