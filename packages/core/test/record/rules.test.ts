import { MemoryTransport, type Rule, StatsdClient } from '@afstatsd/core';
import { Rules, identify } from '@afstatsd/core/instrument';
import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';

describe('rules', () => {
  const makeClient = useClients();

  it('deny a metric of every kind, however it is recorded', async () => {
    const recorded = makeClient({ rules: [{ match: 'debug.*', deny: true }] });
    const { statsd } = recorded;
    for (let at = 0; at < 3; at++) {
      statsd.increment('debug.hits');
      statsd.increment('debug.hits', { tags: { at } });
      statsd.increment(['debug.hits', 'hits']);
      statsd.timing('debug.time', 5);
      statsd.gauge('debug.size', 5);
      statsd.set('debug.users', 'anna');
    }
    statsd.gauge('debug.read', () => 5);
    statsd.createCounter('debug.bound').increment();
    statsd.createTimer('debug.boundtimer').record(5);
    expect(await recorded.counts()).to.deep.equal({ 'counter hits': 3 });
    expect(statsd.stats()).to.include({ recorded: 3, sent: 3, pending: 0, rejected: 0, metrics: 1 });
  });

  it('deny a metric that is sampled and sent at once', async () => {
    const recorded = makeClient({ interval: 0, rules: [{ match: 'debug', deny: true }] });
    const { statsd } = recorded;
    for (let at = 0; at < 200; at++) statsd.increment('debug', 0.5);
    for (let at = 0; at < 200; at++) statsd.timing('debug', 5, 0.5);
    expect(await recorded.counts()).to.deep.equal({});
  });

  it('rename, by the characters that the stars stand for, and the renamed ones add up', async () => {
    const rules: Rule[] = [{ match: 'http.*.requests', rename: 'requests.$1' }];
    const recorded = makeClient({ rules });
    const { statsd } = recorded;
    for (let at = 0; at < 3; at++) statsd.increment('http.shop.requests');
    statsd.increment('requests.shop');
    statsd.increment('http.shop.other');
    expect(await recorded.counts()).to.deep.equal({
      'counter requests.shop': 4,
      'counter http.shop.other': 1,
    });
    statsd.increment('http.shop.requests');
    expect(await recorded.counts()).to.deep.equal({ 'counter requests.shop': 1 });
  });

  it('rename one to a name that another rule is for: rules have their turn in their order', async () => {
    const rules: Rule[] = [
      { match: 'a', rename: 'b' },
      { match: 'b', rename: 'c' },
    ];
    const recorded = makeClient({ rules });
    const { statsd } = recorded;
    for (let at = 0; at < 2; at++) for (const name of ['a', 'b', 'c']) statsd.increment(name);
    expect(await recorded.counts()).to.deep.equal({ 'counter c': 6 });
  });

  it('swap two names', async () => {
    const rules: Rule[] = [
      { match: 'a', rename: 'x' },
      { match: 'b', rename: 'a' },
      { match: 'x', rename: 'b' },
    ];
    const recorded = makeClient({ rules });
    const { statsd } = recorded;
    for (let at = 0; at < 3; at++) statsd.increment('a');
    statsd.increment('b');
    statsd.increment('b');
    expect(await recorded.counts()).to.deep.equal({ 'counter b': 3, 'counter a': 2 });
  });

  it('drop and keep tags, and what becomes equal adds up', async () => {
    const rules: Rule[] = [
      { match: 'drop', drop: ['user'] },
      { match: 'keep', keep: ['method'] },
    ];
    const recorded = makeClient({ rules });
    const { statsd } = recorded;
    for (const user of [1, 2, 3]) {
      statsd.increment('drop', { tags: { user, method: 'get' } });
      statsd.increment('keep', { tags: { user, method: 'get' } });
      statsd.increment('neither', { tags: { user } });
    }
    expect(await recorded.counts()).to.deep.equal({
      'counter drop get': 3,
      'counter keep get': 3,
      'counter neither 1': 1,
      'counter neither 2': 1,
      'counter neither 3': 1,
    });
  });

  it('are for all but some names', async () => {
    const recorded = makeClient({ rules: [{ match: '*', unless: ['shop.*', 'up'], deny: true }] });
    for (const name of ['shop.orders', 'shop', 'up', 'upper', 'debug.loops']) recorded.statsd.increment(name);
    recorded.statsd.increment('shop.orders', { tags: { a: 1 } });
    recorded.statsd.increment('other', { tags: { a: 1 } });
    expect(await recorded.counts()).to.deep.equal({
      'counter shop.orders': 1,
      'counter up': 1,
      'counter shop.orders 1': 1,
    });
  });

  it('rename tags, and what becomes equal adds up', async () => {
    const { statsd, sent } = makeClient({
      rules: [{ match: 'x', renameTags: { verb: 'method', z: 'a' }, limit: { method: 1 } }],
    });
    statsd.increment('x', { tags: { verb: 'get', z: 1, b: 2 } });
    statsd.increment('x', { tags: { method: 'get', a: 1, b: 2 } });
    statsd.increment('x', { tags: { verb: 'post', method: 'get', a: 1, b: 2 } });
    statsd.increment('x', { tags: { verb: 'post' } });
    statsd.increment('y', { tags: { verb: 'post' } });
    expect((await sent()).join('\n').split('\n').sort()).to.deep.equal([
      'x:1|c|#method:other',
      'x:3|c|#a:1,b:2,method:get',
      'y:1|c|#verb:post',
    ]);
  });

  it('drop the last tag', async () => {
    const recorded = makeClient({ rules: [{ match: '*', drop: ['user'] }] });
    const { statsd } = recorded;
    for (let at = 0; at < 2; at++) for (const user of [1, 2]) statsd.increment('hits', { tags: { user } });
    statsd.increment('hits');
    expect(await recorded.counts()).to.deep.equal({ 'counter hits': 5 });
  });

  it('limit the values of a tag; further ones become other', async () => {
    const recorded = makeClient({ rules: [{ match: 'orders', limit: { user: 2 } }] });
    const { statsd } = recorded;
    for (let at = 0; at < 2; at++)
      for (let user = 1; user <= 1_000; user++) statsd.increment('orders', { tags: { user } });
    expect(await recorded.counts()).to.deep.equal({
      'counter orders 1': 2,
      'counter orders 2': 2,
      'counter orders other': 1_996,
    });
  });

  it('are for one kind, if they say so', async () => {
    const recorded = makeClient({ rules: [{ match: 'load', kind: 'timer', deny: true }] });
    const { statsd } = recorded;
    statsd.timing('load', 5);
    statsd.increment('load');
    expect(await recorded.counts()).to.deep.equal({ 'counter load': 1 });
  });

  it('hold for metrics that were recorded before: decorators record before the program configures anything', async () => {
    const recorded = makeClient();
    const { statsd } = recorded;
    const child = statsd.child({ prefix: 'child' });
    const bound = statsd.createCounter('bound.hits');
    const record = (): void => {
      statsd.increment('old.hits');
      statsd.increment('old.hits', { tags: { user: 1 } });
      child.increment('hits');
      statsd.timing('old.time', 5);
      statsd.increment('denied');
      bound.increment();
    };
    record();
    expect(await recorded.counts()).to.deep.equal({
      'counter old.hits': 1,
      'counter old.hits 1': 1,
      'counter child.hits': 1,
      'timer old.time': 1,
      'counter denied': 1,
      'counter bound.hits': 1,
    });
    statsd.configure({
      rules: [
        { match: 'old.*', rename: 'new.$1', drop: ['user'] },
        { match: 'child.*', rename: 'kid.$1' },
        { match: 'bound.*', rename: 'held.$1' },
        { match: 'denied', deny: true },
      ],
    });
    for (let at = 0; at < 3; at++) record();
    expect(await recorded.counts()).to.deep.equal({
      'counter new.hits': 6,
      'counter kid.hits': 3,
      'timer new.time': 3,
      'counter held.hits': 3,
    });
    const stats = statsd.stats();
    expect(stats.sent + stats.pending).to.equal(stats.recorded);
  });

  it('lose nothing that waits when they come, and end with an empty list', async () => {
    const recorded = makeClient();
    const { statsd } = recorded;
    statsd.increment('a');
    statsd.configure({ rules: [{ match: 'a', rename: 'b' }] });
    statsd.increment('a');
    expect(await recorded.counts()).to.deep.equal({ 'counter a': 1, 'counter b': 1 });
    statsd.increment('a');
    expect(await recorded.counts()).to.deep.equal({ 'counter b': 1 });
    statsd.configure({ rules: [] });
    statsd.increment('a');
    expect(await recorded.counts()).to.deep.equal({ 'counter a': 1 });
  });

  it('are asked once for a series that is let go and comes back', () => {
    const statsd = new StatsdClient({
      transport: new MemoryTransport(),
      interval: Infinity,
      handleSignals: false,
      rules: [{ match: 'a*', rename: 'a.$1' }],
    });
    const names = (): string[] => [...statsd.views()].map(({ name }) => name);
    statsd.increment('a1');
    expect(names()).to.deep.equal(['a.1']);
    statsd.forget(() => true);
    statsd.increment('a1');
    expect(names()).to.deep.equal(['a.1']);
  });

  it('describe series for those who pass them on; a later rule counts before an earlier one', () => {
    const rules = new Rules([
      { match: '*', help: 'anything', unit: 'bytes' },
      { match: 'load', kind: 'timer', buckets: [0.1, 1], help: 'how long it takes' },
    ]);
    expect(rules.describe('timer', 'load')).to.deep.equal({
      help: 'how long it takes',
      unit: 'bytes',
      buckets: [0.1, 1],
    });
    expect(rules.describe('gauge', 'load')).to.deep.equal({ help: 'anything', unit: 'bytes' });
    expect(rules.apply('timer', identify('load', []))).to.deep.equal(identify('load', []));
  });

  it('leave a name that would be too long as it was', () => {
    const rules = new Rules([{ match: '*', rename: '$1$1$1' }]);
    const name = 'x'.repeat(300);
    expect(rules.apply('counter', identify(name, []))?.name).to.equal(name);
  });

  it('take the characters of a regular expression as they are', () => {
    const rules = new Rules([{ match: 'a.(b)*', deny: true }]);
    expect(rules.apply('counter', identify('axb', []))).not.to.equal(undefined);
    expect(rules.apply('counter', identify('a.(b)c', []))).to.equal(undefined);
  });

  for (const [rules, message] of [
    ['x', 'option rules must be a list of rules; it is "x"'],
    [[{}], 'rules[0]: option match is missing'],
    [[{ match: 'a' }, { match: 'b', denied: true }], 'rules[1]: unknown option "denied"'],
    [[{ match: 'a', buckets: [2, 1] }], 'rules[0]: option buckets must be finite numbers in rising order'],
    [[{ match: 'a', limit: { user: -1 } }], 'rules[0]: option limit must be an object of whole numbers'],
    [[{ match: 'a', rename: '' }], 'rules[0]: option rename must be a name'],
    [[{ match: 'a', unless: 'b' }], 'rules[0]: option unless must be a list of names'],
    [[{ match: 'a', renameTags: { b: '' } }], 'rules[0]: option renameTags must be an object of keys'],
    [[{ match: 'a', kind: 'meter' }], 'rules[0]: option kind must be one of'],
  ] as const) {
    it(`refuse ${JSON.stringify(rules)}`, () => {
      expect(() => new StatsdClient({ rules: rules as never })).to.throw(TypeError, message);
    });
  }
});
