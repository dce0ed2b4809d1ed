import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { identify } from '../../src/text/identity.js';
import { Lookup } from '../../src/record/lookup.js';
import { Counter } from '../../src/metric/counter.js';
import type { Owner } from '../../src/metric/metric.js';
import type { Tags } from '../../src/index.js';

const owner: Owner = {
  maxSamples: 1024,
  now: Date.now,
  trace: undefined,
  touched() {},
  rejected() {},
  overLimit() {},
  recordTagged() {},
};
const metric = (name = 'x'): Counter => new Counter(identify(name, []), owner);

describe('Lookup', () => {
  const makeClient = useClients();

  it('finds a metric by a list of tags, as it is read from a message, too', () => {
    const lookup = new Lookup<Counter>();
    const ab = metric();
    lookup.remember('x', { a: '1', b: '2' }, ab, 100);
    const a = ['a', '1'] as const;
    const b = ['b', '2'] as const;
    expect(lookup.byTagList('x', [a, b])).to.equal(ab);
    for (const tags of [[b, a], [a], [a, b, b], [a, a, b], [a, ['b', '3'] as const], []]) {
      expect(lookup.byTagList('x', tags)).to.equal(undefined);
    }
    expect(lookup.byTagList('y', [a, b])).to.equal(undefined);
  });

  it('finds a metric by the way in which its tags were written, and by no other', () => {
    const lookup = new Lookup<Counter>();
    const ab = metric();
    lookup.remember('x', { a: 1, b: 2 }, ab, 100);
    expect(lookup.byTags('x', { tags: { a: 1, b: 2 } })).to.equal(ab);
    const others: Tags[] = [
      { b: 2, a: 1 },
      { a: 1 },
      { a: 1, b: 2, c: 3 },
      { a: '1', b: 2 },
      { a: 1, b: '2' },
      {},
      { a: 2, b: 1 },
    ];
    for (const tags of others) expect(lookup.byTags('x', { tags })).to.equal(undefined);
    expect(lookup.byTags('y', { tags: { a: 1, b: 2 } })).to.equal(undefined);
    expect(lookup.byTags('x', { tags: { a: 1, b: 2 }, sampleRate: 0.5 })).to.equal(undefined);
  });

  it('keeps ways apart whose keys and values are each other’s', () => {
    const lookup = new Lookup<Counter>();
    const ways: Tags[] = [
      {},
      { a: 'b' },
      { b: 'a' },
      { a: 'a' },
      { a: 'b', b: 'a' },
      { b: 'a', a: 'b' },
      { a: null },
      { a: undefined },
      { a: 'null' },
    ];
    const metrics = ways.map((tags, at) => {
      const one = metric(`x${at}`);
      lookup.remember('x', tags, one, 100);
      return one;
    });
    for (const [at, tags] of ways.entries()) expect(lookup.byTags('x', { tags })).to.equal(metrics[at]);
  });

  it('takes no bad input for an object without tags', () => {
    const lookup = new Lookup<Counter>();
    lookup.remember('x', {}, metric(), 100);
    lookup.remember('x', { 0: 'a' }, metric(), 100);
    for (const tags of [null, 5, true, () => {}, [], ['a'], 'a', Symbol('a')])
      expect(lookup.byTags('x', { tags })).to.equal(undefined);
    for (const options of [null, 5, 'x', Symbol('a')])
      expect(lookup.byTags('x', options)).to.equal(undefined);
  });

  it('forgets when there are too many ways: it never holds far more than there can be metrics, and finds the newest', () => {
    const limit = 50;
    const lookup = new Lookup<Counter>();
    const found = (i: number): boolean => lookup.byTags('x', { tags: { id: i } }) !== undefined;
    let most = 0;
    for (let i = 0; i < 5000; i++) {
      lookup.remember('x', { id: i }, metric(), limit);
      expect(found(i)).to.equal(true);
      if (i % 100 !== 0) continue;
      let kept = 0;
      for (let id = 0; id <= i; id++) if (found(id)) kept++;
      most = Math.max(most, kept);
    }
    expect(most).to.be.within(limit, 10 * limit);
  });

  it('counts every way of writing the same tags, and every name', () => {
    const lookup = new Lookup<Counter>();
    const one = metric();
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    const ways: Tags[] = [];
    const permute = (rest: readonly string[], tags: Record<string, number>): void => {
      if (rest.length === 0) ways.push(tags);
      for (const key of rest)
        permute(
          rest.filter((other) => other !== key),
          { ...tags, [key]: 1 },
        );
    };
    permute(keys, {});
    for (const tags of ways) lookup.remember('x', tags, one, 20);
    const kept = ways.filter((tags) => lookup.byTags('x', { tags }) !== undefined).length;
    expect(kept).to.be.within(1, 200);
    for (let i = 0; i < 1000; i++) lookup.remember(`n${i}`, {}, one, 20);
    const names = Array.from({ length: 1000 }, (_, i) => lookup.byTags(`n${i}`, { tags: {} }));
    expect(names.filter((found) => found !== undefined).length).to.be.within(1, 200);
  });

  it('forgets names that a child has met, too', () => {
    const lookup = new Lookup<Counter>();
    for (let i = 0; i < 1000; i++) lookup.remember(`n${i}`, undefined, metric(), 20);
    expect(lookup.byName.size).to.be.within(1, 20);
    expect(lookup.byName.get('n999')).to.not.equal(undefined);
  });

  it('in whatever order keys come, a client counts into one metric', async () => {
    const { statsd, sent } = makeClient({ maxMetrics: 5 });
    const keys = ['a', 'b', 'c', 'd', 'e'];
    let calls = 0;
    const permute = (rest: readonly string[], tags: Record<string, number>): void => {
      if (rest.length === 0) {
        statsd.increment('x', { tags });
        calls++;
      }
      for (const key of rest)
        permute(
          rest.filter((other) => other !== key),
          { ...tags, [key]: 1 },
        );
    };
    for (let round = 0; round < 3; round++) permute(keys, {});
    expect(statsd.stats()).to.include({ metrics: 1, recorded: calls });
    expect(await sent()).to.deep.equal([`x:${calls}|c|#a:1,b:1,c:1,d:1,e:1`]);
  });
});
