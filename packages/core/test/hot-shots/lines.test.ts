import { expect } from 'chai';
import { type ClientOptions, StatsD, type TimerContext } from '../../src/hot-shots/index.js';

type Calls = (client: StatsD) => unknown;

let clients: StatsD[] = [];

/** A client that is ended after the test, because each one listens to the end of the process. */
function open(...args: unknown[]): StatsD {
  const client = new StatsD(...(args as [ClientOptions]));
  clients.push(client);
  return client;
}

/** What a client that doesn't send would send. */
function lines(calls: Calls, options: ClientOptions = {}): string[] {
  const client = open({ mock: true, includeDataDogTags: false, ...options });
  calls(client);
  return client.mockBuffer!;
}

describe('hot-shots: the lines of each call', () => {
  afterEach(async () => {
    await Promise.all(clients.map((client) => new Promise<void>((resolve) => client.close(() => resolve()))));
    clients = [];
  });

  const cases: Record<string, [Calls, string[]]> = {
    'a counter without a value, and with one': [
      (c) => [
        c.increment('a'),
        c.increment('a', 5),
        c.increment('a', 0),
        c.decrement('a'),
        c.decrement('a', 2),
      ],
      ['a:1|c', 'a:5|c', 'a:0|c', 'a:-1|c', 'a:-2|c'],
    ],
    'a counter whose tags stand where a value might': [
      (c) => [c.increment('a', ['x', 'k:v']), c.increment('a', { k: 'v' }), c.decrement('a', ['x'])],
      ['a:1|c|#k:v,x', 'a:1|c|#k:v', 'a:-1|c|#x'],
    ],
    'every kind': [
      (c) => [
        c.timing('t', 42),
        c.histogram('h', 4.5),
        c.distribution('d', 4.5),
        c.gauge('g', 4.5),
        c.set('s', 'alice'),
        c.unique('s', 7),
      ],
      ['t:42|ms', 'h:4.5|h', 'd:4.5|d', 'g:4.5|g', 's:alice|s', 's:7|s'],
    ],
    'several names': [(c) => c.increment(['a', 'b'], 2, ['x']), ['a:2|c|#x', 'b:2|c|#x']],
    'changes of a gauge': [
      (c) => [c.gaugeDelta('g', 4), c.gaugeDelta('g', -10), c.gauge('g', 5), c.gaugeDelta('g', 1)],
      ['g:+4|g', 'g:-10|g', 'g:5|g', 'g:+1|g'],
    ],
    'the same tags again, as an object and as a list, and others': [
      (c) => {
        for (const tags of [
          { k: 1 },
          { k: '1' },
          { k: 1 },
          { k: 2 },
          ['k:1'],
          ['k:1', 'x'],
          ['x', 'k:1'],
          ['k:2'],
        ])
          c.increment('a', 1, tags);
        c.increment('a\0k:2');
        c.gauge('a', 1, { k: 1 });
      },
      [
        ...['k:1', 'k:1', 'k:1', 'k:2', 'k:1', 'k:1,x', 'k:1,x', 'k:2'].map((tags) => `a:1|c|#${tags}`),
        'a_k_2:1|c',
        'a:1|g|#k:1',
      ],
    ],
    'a name that would break the line': [(c) => c.increment('a:b|c\nd'), ['a_b_c_d:1|c']],
    'tags that would break the line': [
      (c) => c.increment('a', 1, { 'k:1': 'v|w', 'k,2': 'http://x' }),
      ['a:1|c|#k_1:v_w,k_2:http://x'],
    ],
    'tags in the order of the call, and several of one key': [
      (c) => c.increment('a', 1, ['z', 'k:2', 'b:1', 'k:1']),
      ['a:1|c|#k:2,k:1,b:1,z'],
    ],
    'options as an object, with a time and a cardinality': [
      (c) => [
        c.increment('a', 3, { tags: { k: 'v' }, timestamp: new Date(1_700_000_000_000) }),
        c.gauge('g', 3, { timestamp: 1_700_000_000.4, cardinality: 'low' }),
        c.gauge('g', 4, { cardinality: 'high', tags: ['x'] }),
      ],
      ['a:3|c|T1700000000|#k:v', 'g:3|g|T1700000000|card:low', 'g:4|g|#x|card:high'],
    ],
    'an event': [
      (c) => [
        c.event('title'),
        c.event('tïtle', 'two\nlines', { alert_type: 'error', priority: 'low', hostname: 'h' }, ['x']),
        c.event('t', 'x', { date_happened: new Date(5000), aggregation_key: 'k', source_type_name: 's' }),
      ],
      ['_e{5,5}:title|title', '_e{6,10}:tïtle|two\\nlines|h:h|p:low|t:error|#x', '_e{1,1}:t|x|d:5|k:k|s:s'],
    ],
    'a check': [
      (c) => [
        c.check('up', c.CHECKS.OK),
        c.check('up', c.CHECKS.CRITICAL, { hostname: 'h', message: 'why', date_happened: 5 }, ['x']),
      ],
      ['_sc|up|0', '_sc|up|2|d:5|h:h|#x|m:why'],
    ],
  };
  for (const [what, [calls, expected]] of Object.entries(cases)) {
    it(what, () => {
      expect(lines(calls)).to.deep.equal(expected);
    });
  }

  it('a Date is the time since then', () => {
    const [line] = lines((client) => client.timing('t', new Date(Date.now() - 60_000)));
    const [, ms] = /^t:(\d+)\|ms$/.exec(line!)!;
    expect(Number(ms)).to.be.at.least(60_000);
  });

  it('sample rate, tags and callback may each be left out', async () => {
    const { random } = Math;
    const called: number[] = [];
    const done = (at: number) => (): void => void called.push(at);
    Math.random = () => 0.1;
    try {
      const sent = lines((client) => {
        client.histogram('h', 1, 0.25);
        client.histogram('h', 1, { k: 'v' });
        client.histogram('h', 1, ['k:v']);
        client.histogram('h', 1, done(1));
        client.histogram('h', 1, 0.25, ['k']);
        client.histogram('h', 1, 0.25, done(2));
        client.histogram('h', 1, { k: 'v' }, done(3));
        client.histogram('h', 1, 0.25, { k: 'v' }, done(4));
        client.histogram('h', 1, { sampleRate: 0.25, tags: ['k'] }, done(5));
        client.increment('c', done(6));
        client.increment('c', 2, null, ['k'], done(7));
      });
      expect(sent).to.deep.equal([
        'h:1|h|@0.25',
        'h:1|h|#k:v',
        'h:1|h|#k:v',
        'h:1|h',
        'h:1|h|@0.25|#k',
        'h:1|h|@0.25',
        'h:1|h|#k:v',
        'h:1|h|@0.25|#k:v',
        'h:1|h|@0.25|#k',
        'c:1|c',
        'c:2|c|#k',
      ]);
      Math.random = () => 0.9;
      expect(lines((client) => client.increment('c', 1, 0.25))).to.deep.equal([]);
    } finally {
      Math.random = random;
    }
    await new Promise(setImmediate);
    expect(called).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
  });

  it('prefix, suffix, global tags, and those of children', () => {
    const client = open({
      mock: true,
      includeDataDogTags: false,
      prefix: 'shop',
      suffix: 'eu',
      globalTags: ['bare', 'region:eu'],
    });
    const child = client.childClient({
      prefix: 'pay.',
      suffix: '.x',
      globalTags: { region: 'us', team: 'a' },
    });
    client.increment('a', 1, { region: 'asia' });
    child.increment('b', ['team:b', 'team:c']);
    const deep = child.childClient({ globalTags: ['deep'] });
    clients.push(child, deep);
    deep.increment('c');
    expect(deep.mockBuffer).to.deep.equal(['pay.shop.c.eu.x:1|c|#bare,region:us,team:a,deep']);
    expect(client.mockBuffer).to.deep.equal(['shop.a.eu:1|c|#bare,region:asia']);
    expect(child.mockBuffer).to.deep.equal(['pay.shop.b.eu.x:1|c|#bare,region:us,team:b,team:c']);
    expect(child.globalTags).to.deep.equal(['bare', 'region:us', 'team:a']);
  });

  it('the form of Telegraf, which has no events', () => {
    const errors: string[] = [];
    const told = (error?: Error | null): void => void errors.push(error!.message);
    const sent = lines(
      (client) => {
        client.increment('a', 1.5, { k: 'v w', url: 'http://x' });
        client.histogram('h', 3, ['k=v']);
        client.distribution('d', 3);
        client.gaugeDelta('g', -2);
        client.event('t', 'x', {}, [], told);
        client.check('c', 0, {}, told);
      },
      { telegraf: true },
    );
    expect(sent).to.deep.equal(['a,k=v_w,url=http_//x:1.5|c', 'h,k=v:3|h', 'd:3|d', 'g:-2|g']);
    expect(errors).to.have.length(2);
  });

  it('timers give back what their functions do, and take tags on the way', async () => {
    const client = open({ mock: true, includeDataDogTags: false });
    const add = client.timer(
      (a: number, b: number, context: TimerContext) => {
        context.addTags({ result: String(a + b) });
        return a + b;
      },
      'add',
      ['k:v'],
    );
    expect(add(1, 2)).to.equal(3);
    const error = new Error('on purpose');
    const fails = client.timer(() => {
      throw error;
    }, 'fails');
    expect(fails).to.throw(error);
    const later = client.asyncTimer(async (text: string) => text, 'later', { k: 'v' });
    expect(await later('x')).to.equal('x');
    const rejects = client.asyncDistTimer(() => Promise.reject(error), 'rejects');
    expect(await rejects().catch((e: unknown) => e)).to.equal(error);
    const shapes = client.mockBuffer!.map((line) => line.replace(/:[\d.]+\|/, ':N|'));
    expect(shapes).to.deep.equal(['add:N|ms|#k:v,result:3', 'fails:N|ms', 'later:N|ms|#k:v', 'rejects:N|d']);
  });

  it('the constructor of old versions, and a global client', () => {
    const holder = globalThis as { statsd?: unknown };
    const client = open('h', 1234, 'p', 's', true, false, true, ['t']);
    try {
      expect(holder.statsd).to.equal(client);
      client.increment('a');
      expect(client.mockBuffer!.map((line) => line.split('|#')[0])).to.deep.equal(['p.a.s:1|c']);
      expect([client.host, client.port]).to.deep.equal(['h', 1234]);
    } finally {
      delete holder.statsd;
    }
  });

  it('never throws while it records, whatever it gets', () => {
    const errors: Error[] = [];
    const errorHandler = (error: Error): void => void errors.push(error);
    const odd = [undefined, null, NaN, Symbol('x'), {}, [], 'x'] as never[];
    const sent = lines(
      (client) => {
        for (const one of odd) {
          client.increment(one, one, one, one);
          client.timing(one, one, one, one);
          client.gauge('g', one);
          client.set('s', one);
          client.check(one, one, one);
          client.event(one, one, one);
        }
      },
      { errorHandler },
    );
    expect(errors).to.not.have.length(0);
    expect(sent.join()).to.not.match(/NaN\|(?:c|g|ms)/);
  });
});
