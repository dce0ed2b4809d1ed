import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { metricsOf } from '../support/metrics-of.js';
import { usedMemory } from '../support/used-memory.js';

describe('a child of a client', () => {
  const makeClient = useClients();

  it('adds its prefix and tags to every kind of metric', async () => {
    const { statsd, memory, sent } = makeClient();
    const child = statsd.child({ prefix: 'api', tags: { region: 'eu' } });
    child.increment(['a', 'b']);
    child.decrement('c');
    child.updateStats('d', 4);
    child.gauge('e', 5);
    const end = child.gauge('f', () => 6);
    child.timing('g', 7);
    child.set('h', 8);
    child.time('i', () => {})();
    child.count('j', () => {})();
    child.createCounter('k').increment();
    child.createGauge('l').set(1);
    child.createTimer('m').record(2);
    child.createSet('n').add(3);
    await sent();
    expect(new Set(memory.metrics.map(({ name }) => name))).to.deep.equal(
      new Set(Array.from('abcdefghijklmn', (name) => `api.${name}`)),
    );
    for (const { tags } of memory.metrics) expect(tags).to.deep.equal([['region', 'eu']]);
    end();
    statsd.increment('a');
    expect(await sent()).to.deep.equal(['a:1|c']);
  });

  it('nests: prefixes one after the other, tags of the inner one first, and no other client is changed', async () => {
    const { statsd, sent } = makeClient({ prefix: 'shop' });
    const outer = statsd.child({ prefix: 'api.', tags: { a: 'outer', z: 'outer' } });
    const inner = outer.child({ prefix: 'v1', tags: { z: 'inner', b: 'inner' } });
    const innermost = inner
      .child({ tags: { c: 'c' } })
      .child({ prefix: 'x' })
      .child();
    innermost.increment('hits', { tags: { own: 'own' } });
    inner.increment('hits');
    outer.increment('hits');
    statsd.increment('hits');
    expect(metricsOf(await sent())).to.deep.equal([
      'shop.api.v1.x.hits:1|c|#own:own,c:c,b:inner,z:inner,a:outer',
      'shop.api.v1.hits:1|c|#b:inner,z:inner,a:outer',
      'shop.api.hits:1|c|#a:outer,z:outer',
      'shop.hits:1|c',
    ]);
  });

  it('shares metrics with a client that spells the same name and tags', async () => {
    const { statsd, sent } = makeClient();
    statsd.increment('api.hits');
    statsd.child({ prefix: 'api' }).increment('hits');
    statsd.child({ prefix: 'api.' }).increment('hits', { tags: {} });
    statsd.child({ tags: { a: 1 } }).increment('x');
    statsd.increment('x', { tags: { a: '1' } });
    statsd.child({ tags: { a: 2 } }).increment('x', { tags: { a: 1 } });
    expect(statsd.stats().metrics).to.equal(2);
    expect(await sent()).to.deep.equal(['api.hits:3|c\nx:3|c|#a:1']);
  });

  it('shares stats, flush, configure, aggregation and shutdown', async () => {
    const { statsd, memory } = makeClient();
    const child = statsd.child({ prefix: 'p' });
    child.increment('x');
    expect(child.stats()).to.deep.equal(statsd.stats());
    expect(await child.flush()).to.deep.equal({ sent: 1, pending: 0 });
    child.configure({ prefix: 'all' });
    child.setAggregation(false);
    expect(statsd.aggregating).to.equal(false);
    child.increment('x');
    statsd.increment('x');
    expect(memory.messages).to.deep.equal(['p.x:1|c', 'all.p.x:1|c', 'all.x:1|c']);
    expect(child.shutdown()).to.equal(statsd.shutdown());
    await child.shutdown();
    statsd.increment('x');
    child.increment('x');
    expect(statsd.stats()).to.include({ recorded: 3, rejected: 2 });
  });

  it('works when its methods are taken off it', async () => {
    const { statsd, sent } = makeClient();
    const { increment, timing, gauge, child, createCounter, flush, stats } = statsd.child({ prefix: 'p' });
    increment('a');
    timing('b', 2);
    gauge('c', () => 3)();
    createCounter('d').increment(4);
    child({ prefix: 'q' }).increment('e');
    expect(metricsOf(await sent()).sort()).to.deep.equal(['p.a:1|c', 'p.b:2|ms', 'p.d:4|c', 'p.q.e:1|c']);
    expect(await flush()).to.deep.equal({ sent: 0, pending: 0 });
    expect(stats().sent).to.equal(4);
  });

  it('binds metrics and reads callbacks as its parent does, and adds callbacks of one name up', async () => {
    const { statsd, sent } = makeClient();
    const child = statsd.child({ prefix: 'pool', tags: { db: 'main' } });
    const bound = child.createCounter('taken');
    bound.increment();
    child.increment('taken');
    statsd.increment('pool.taken', { tags: { db: 'main' } });
    const ends = [
      child.gauge('size', () => 2),
      statsd.gauge('pool.size', () => 3, { tags: { db: 'main' } }),
      statsd.child({ prefix: 'pool', tags: { db: 'main' } }).gauge('size', () => 4),
    ];
    const [message = ''] = await sent();
    expect(message).to.match(/^pool\.taken:3\|c\|#db:main\npool\.size:9\|g\|T\d+\|#db:main$/);
    expect(statsd.stats().metrics).to.equal(2);
    for (const end of ends) end();
    expect(await sent()).to.deep.equal([]);
  });

  it('refuses a prefix or tags that can not be used, and anything else, with a TypeError', () => {
    const { statsd } = makeClient();
    const bad: unknown[] = [
      null,
      5,
      'payments',
      true,
      () => {},
      { prefix: 5 },
      { prefix: null },
      { prefix: 'a:b' },
      { prefix: 'x'.repeat(256) },
      { tags: 'a:b' },
      { tags: null },
      { tags: ['a'] },
      { tags: { a: {} } },
      { tags: { a: NaN } },
      { tags: { '': 'a' } },
      { tags: { a: 'x'.repeat(513) } },
      { interval: 5 },
      { prefix: 'p', transport: 'null:' },
    ];
    for (const options of bad) {
      expect(() => statsd.child(options as never), JSON.stringify(options)).to.throw(TypeError, /\w{4}/);
      expect(() => statsd.child().child(options as never)).to.throw(TypeError);
    }
    expect(statsd.stats()).to.include({ rejected: 0, metrics: 0 });
    expect(() => statsd.child({ prefix: undefined, tags: undefined } as never)).to.not.throw();
  });

  it('can be made for each request: children of one prefix share their metrics', async () => {
    const { statsd, sent } = makeClient();
    for (let i = 0; i < 20_000; i++) {
      const child = statsd.child({ prefix: 'request', tags: { method: i % 2 === 0 ? 'GET' : 'POST' } });
      child.increment('hits');
      child.increment('hits', { tags: { status: 200 } });
    }
    expect(statsd.stats()).to.include({ metrics: 4, recorded: 40_000 });
    expect(metricsOf(await sent()).sort()).to.deep.equal(
      ['GET', 'POST']
        .flatMap((method) => [
          `request.hits:10000|c|#method:${method}`,
          `request.hits:10000|c|#status:200,method:${method}`,
        ])
        .sort(),
    );
  });

  it('leaves nothing behind when nobody holds it any more', () => {
    const { statsd } = makeClient();
    const make = (number: number): void => {
      for (let i = 0; i < number; i++)
        statsd.child({ prefix: `p${i % 10}` }).increment('x', { tags: { a: i % 3 } });
    };
    make(1000);
    const before = usedMemory();
    make(20_000);
    expect(usedMemory() - before).to.be.below(2_000_000);
    expect(statsd.stats().metrics).to.equal(30);
  });
});
