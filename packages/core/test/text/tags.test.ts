import { type Recorded, useClients, usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';
import { MemoryTransport, type StatsdClient, type StatsdOptions, type Tags } from '../../src/index.js';
import { dogstatsdFormat } from '../../src/wire/dogstatsd.js';
import { FakeTime } from '../support/fake-time.js';
import { FormatTransport } from '../support/format-transport.js';
import { programFile } from '../support/program-file.js';
import { useSurroundedClients } from '../support/surrounded-clients.js';

type DogstatsdClient = Pick<Recorded, 'statsd' | 'log'> & { lines: () => Promise<string[]> };

/** To be called in a `describe`: makes clients that write tags as they are, so that tests see them. */
function useDogstatsd(): (options?: StatsdOptions, time?: FakeTime) => DogstatsdClient {
  const makeClient = useSurroundedClients();
  return (options = {}, time) => {
    const transport = new FormatTransport(dogstatsdFormat());
    const { statsd, log } = makeClient({ transport, ...options }, time?.surroundings ?? {});
    const lines = async (): Promise<string[]> => {
      await statsd.flush();
      return transport.messages.splice(0).flatMap((message) => message.split('\n'));
    };
    return { statsd, log, lines };
  };
}

describe('tags', () => {
  const dogstatsd = useDogstatsd();
  const programs = usePrograms();
  const makeClient = useClients();
  const same: Record<string, readonly Tags[]> = {
    'keys in another order': [
      { a: 1, b: 2, c: 3 },
      { c: 3, b: 2, a: 1 },
    ],
    'numbers and strings': [{ status: 200 }, { status: '200' }],
    'zero and minus zero': [{ delta: 0 }, { delta: -0 }, { delta: '0' }],
    'booleans and strings': [
      { hit: true, miss: false },
      { hit: 'true', miss: 'false' },
    ],
    'tags that are null, undefined or absent': [{ a: 1, b: undefined }, { b: null, a: 1 }, { a: 1 }],
    'none, in every way': [{}, { a: undefined }, Object.create(null) as Tags],
    'with inherited properties or without': [
      { a: 1 },
      Object.assign(Object.create({ b: 2 }) as object, { a: 1 }),
      Object.assign(Object.create({ a: 2 }) as object, { a: 1 }),
    ],
    'frozen or not': [{ a: 1 }, Object.freeze({ a: 1 })],
  };
  for (const [what, ways] of Object.entries(same)) {
    it(`written in several ways are one metric: ${what}`, async () => {
      const { statsd, lines } = dogstatsd();
      for (let round = 0; round < 3; round++) for (const tags of ways) statsd.increment('x', { tags });
      expect(statsd.stats()).to.include({ metrics: 1, recorded: 3 * ways.length, rejected: 0 });
      const sent = await lines();
      expect(sent).to.have.length(1);
      expect(sent[0]).to.match(new RegExp(`^x:${3 * ways.length}\\|c`));
    });
  }

  it('are own properties: an inherited one is none, whatever came before', async () => {
    const { statsd, lines } = dogstatsd();
    statsd.increment('x', { tags: { a: 1, b: 2 } });
    statsd.increment('y', { tags: { b: 2 } });
    statsd.increment('z');
    const inheriting = (): Tags => Object.create({ b: 2 }) as Tags;
    for (let round = 0; round < 3; round++) {
      statsd.increment('x', { tags: Object.assign(inheriting(), { a: 1 }) });
      statsd.increment('y', { tags: inheriting() });
    }
    // As a library does that adds a method to all objects.
    // oxlint-disable-next-line no-extend-native -- libraries do so, and tags must not get it
    Object.defineProperty(Object.prototype, 'b', { value: 2, enumerable: true, configurable: true });
    try {
      for (let round = 0; round < 3; round++) statsd.increment('z', { tags: { a: 1 } });
    } finally {
      delete (Object.prototype as { b?: unknown }).b;
    }
    expect(await lines()).to.have.members([
      'x:1|c|#a:1,b:2',
      'y:1|c|#b:2',
      'z:1|c',
      'x:3|c|#a:1',
      'y:3|c',
      'z:3|c|#a:1',
    ]);
  });

  it('that differ are different metrics, whatever their keys and values have in common', async () => {
    const { statsd, lines } = dogstatsd();
    const different: (Tags | undefined)[] = [
      undefined,
      { a: 'b' },
      { b: 'a' },
      { a: '' },
      { a: 'b', c: 'd' },
      { a: 'b,c:d' },
      { a: 'b:c', d: '' },
      { ab: '' },
      { a: 'c', c: 'b' },
      { A: 'b' },
      { a: 'é' },
      { a: 'e\u0301' },
      { a: 'true' },
      { a: '1' },
      { a: '1.0' },
    ];
    for (let round = 0; round < 2; round++)
      for (const tags of different) statsd.increment('x', tags === undefined ? undefined : { tags });
    expect(statsd.stats().metrics).to.equal(different.length);
    const sent = await lines();
    expect(sent).to.have.length(different.length);
    expect(sent.every((line) => line.startsWith('x:2|c'))).to.equal(true);
  });

  it('are part of a metric along with its kind', async () => {
    const { statsd, lines } = dogstatsd();
    const options = { tags: { a: 1 } };
    statsd.increment('x', options);
    statsd.gauge('x', 2, options);
    statsd.timing('x', 3, options);
    statsd.set('x', 'm', options);
    expect(statsd.stats().metrics).to.equal(4);
    expect(await lines()).to.deep.equal(['x:1|c|#a:1', 'x:2|g|#a:1', 'x:3|ms|#a:1', 'x:m|s|#a:1']);
  });

  it('are read at the call: what becomes of the object afterwards changes nothing', async () => {
    const { statsd, lines } = dogstatsd();
    const tags: Record<string, string> = { a: '1' };
    statsd.increment('x', { tags });
    tags['a'] = '2';
    statsd.increment('x', { tags });
    tags['b'] = '3';
    statsd.increment('x', { tags });
    expect(await lines()).to.have.members(['x:1|c|#a:1', 'x:1|c|#a:2', 'x:1|c|#a:2,b:3']);
  });

  it('that a getter gives count as they are at the call, once', async () => {
    const { statsd, lines } = dogstatsd();
    let next = 0;
    const tags = {
      get a(): number {
        return next++;
      },
    };
    for (let i = 0; i < 5; i++) statsd.increment('x', { tags });
    for (let a = 0; a < next; a++) statsd.increment('y', { tags: { a } });
    statsd.increment('x', { tags: { a: 3 } });
    const sums = new Map<string, number>();
    for (const line of await lines()) {
      const [, name, value, a] = /^(.):(\d+)\|c\|#a:(\d+)$/.exec(line)!;
      if (name === 'x') sums.set(a!, Number(value));
    }
    expect([...sums.values()].reduce((sum, one) => sum + one)).to.equal(6);
    expect(sums.get('3') ?? 0).to.be.at.least(1);
    for (const value of sums.values()) expect(value).to.be.at.most(2);
  });

  const methods: Record<
    string,
    readonly [call: (statsd: StatsdClient, tags: Tags) => unknown, line: string]
  > = {
    increment: [(statsd, tags) => statsd.increment('x', { tags }), 'x:1|c|#a:b'],
    'increment, several names': [(statsd, tags) => statsd.increment(['x', 'x'], { tags }), 'x:2|c|#a:b'],
    decrement: [(statsd, tags) => statsd.decrement('x', { tags }), 'x:-1|c|#a:b'],
    updateStats: [(statsd, tags) => statsd.updateStats('x', 5, { tags }), 'x:5|c|#a:b'],
    'updateStats, with a rate': [
      (statsd, tags) => statsd.updateStats('x', 5, { tags, sampleRate: 0.1 }),
      'x:5|c|#a:b',
    ],
    gauge: [(statsd, tags) => statsd.gauge('x', 5, { tags }), 'x:5|g|#a:b'],
    'gauge with a callback': [(statsd, tags) => statsd.gauge('x', () => 6, { tags }), 'x:6|g|#a:b'],
    timing: [(statsd, tags) => statsd.timing('x', 5, { tags }), 'x:5|ms|#a:b'],
    set: [(statsd, tags) => statsd.set('x', 'm', { tags }), 'x:m|s|#a:b'],
    time: [(statsd, tags) => statsd.time('x', () => {}, { tags })(), 'x:0|ms|#a:b'],
    count: [(statsd, tags) => statsd.count('x', () => {}, { tags })(), 'x:1|c|#a:b'],
    createCounter: [(statsd, tags) => statsd.createCounter('x', { tags }).increment(), 'x:1|c|#a:b'],
    createGauge: [(statsd, tags) => statsd.createGauge('x', { tags }).set(5), 'x:5|g|#a:b'],
    createTimer: [(statsd, tags) => statsd.createTimer('x', { tags }).record(5), 'x:5|ms|#a:b'],
    createSet: [(statsd, tags) => statsd.createSet('x', { tags }).add('m'), 'x:m|s|#a:b'],
  };
  for (const [method, [call, line]] of Object.entries(methods)) {
    it(`are taken by ${method}, and the call meets the metric that others with these tags meet`, async () => {
      const { statsd, lines } = dogstatsd();
      call(statsd, { a: 'b' });
      const [sent = ''] = await lines();
      expect(sent.replace(/:\d\.\d+\|ms/, ':0|ms')).to.equal(line);
      call(statsd, { a: 'b' });
      expect(await lines()).to.have.length(1);
      expect(statsd.stats()).to.include({ metrics: 1, rejected: 0 });
    });
  }

  it('are written with own ones first, sorted by key, then those of the child, then those of configure', async () => {
    const { statsd, sent } = makeClient({ prefix: 'shop', tags: { zone: 'z', env: 'prod' } });
    const child = statsd.child({ prefix: 'api', tags: { region: 'r', area: 'a' } });
    child.increment('hits', { tags: { path: '/users/1.json', method: 'GET', none: '' } });
    expect(await sent()).to.deep.equal([
      'shop.api.hits:1|c|#method:GET,none,path:/users/1.json,area:a,region:r,env:prod,zone:z',
    ]);
  });

  it('fold into the name in the same order, one segment per value', async () => {
    const { statsd, sent } = makeClient({
      transport: new MemoryTransport({ tags: 'fold' }),
      prefix: 'shop',
      tags: { zone: 'z', env: 'prod' },
    });
    const child = statsd.child({ prefix: 'api', tags: { region: 'r', area: 'a' } });
    child.increment('hits', { tags: { path: '/users/1.json', method: 'GET', none: '' } });
    expect(await sent()).to.deep.equal(['shop.api.hits.GET._.users-1-json.a.r.prod.z:1|c']);
  });

  it("of a call win over the child's, and the child's over those of configure, in place of them", async () => {
    const { statsd, sent } = makeClient({ tags: { a: 'configure', b: 'configure', c: 'configure' } });
    const child = statsd.child({ tags: { a: 'child', b: 'child' } });
    child.increment('x', { tags: { a: 'own' } });
    expect(await sent()).to.deep.equal(['x:1|c|#a:own,b:child,c:configure']);
  });

  it('that are the same are written the same in every process, and fold to the same name', async () => {
    const ways: Tags[] = [
      { method: 'GET', status: 200, cached: true },
      { cached: 'true', status: '200', method: 'GET' },
      { status: 200, none: null, cached: true, method: 'GET' },
    ];
    const common = { host: 'web.1', az: 'x/y' };
    const running = ways.map((tags) =>
      programs.node([programFile('tags'), JSON.stringify({ tags, common })], { env: { LC_ALL: 'C.UTF-8' } }),
    );
    const messages = await Promise.all(running.map((program) => program.message()));
    for (const message of messages)
      expect(message).to.deep.equal([
        'api.hits:1|c|#cached:true,method:GET,status:200,area:c,zone:b,az:x/y,host:web.1',
        'api.hits.true.GET.200.c.b.x-y.web-1:1|c',
      ]);
    await Promise.all(running.map((program) => program.ended()));
  });

  it('and name have 512 bytes at most, together with prefix and tags of a child', async () => {
    const { statsd, log, sent } = makeClient();
    const room = 512 - 'x'.length - '\0a\0'.length;
    statsd.increment('x', { tags: { a: 'v'.repeat(room) } });
    expect(statsd.stats()).to.include({ recorded: 1, rejected: 0 });
    statsd.increment('x', { tags: { a: 'v'.repeat(room + 1) } });
    statsd.increment('x', { tags: { a: 'é'.repeat(room / 2 + 1) } });
    statsd.child({ prefix: 'p' }).increment('x', { tags: { a: 'v'.repeat(room) } });
    statsd.child({ tags: { b: '' } }).increment('x', { tags: { a: 'v'.repeat(room) } });
    expect(statsd.stats()).to.include({ recorded: 1, rejected: 4, metrics: 1 });
    expect(log.warnings).to.have.length(1);
    expect(log.warnings[0]).to.contain('512 bytes').and.have.length.below(300);
    expect((await sent()).map((message) => message.length)).to.deep.equal(['x:1|c|#a:'.length + room]);
  });

  it('of a name that holds NULs can not pass for those of another', async () => {
    const { statsd, lines } = dogstatsd();
    statsd.increment('x', { tags: { a: 'b' } });
    for (const name of ['x\0a\0b', 'x\0a', 'x\0']) {
      statsd.increment(name);
      statsd.increment(name, { tags: {} });
    }
    statsd.increment('x', { tags: { 'a\0b': 'c', d: 'e\0f' } });
    statsd.increment('x', { tags: { a: 'b\0d\0e' } });
    expect((await lines()).sort()).to.deep.equal(
      ['x:1|c|#a:b', 'x_a_b:2|c', 'x_a:2|c', 'x_:2|c', 'x:1|c|#a_b:c,d:e_f', 'x:1|c|#a:b_d_e'].sort(),
    );
  });
});

const thrower = (error: unknown): never => {
  throw error;
};

const BAD_TAGS: Record<string, () => unknown> = {
  null: () => null,
  'a number': () => 5,
  'a string': () => 'a:b',
  'a function': () => () => {},
  'an array': () => [],
  'an array of tags': () => ['a:b'],
  'a nested object': () => ({ a: { b: 'c' } }),
  'a nested array': () => ({ a: ['b'] }),
  'a function as value': () => ({ a: () => 'b' }),
  'a symbol as value': () => ({ a: Symbol('b') }),
  'a bigint as value': () => ({ a: 5n }),
  NaN: () => ({ a: NaN }),
  infinity: () => ({ a: Infinity }),
  'an empty key': () => ({ '': 'b' }),
  'an own key __proto__ with an object': () => JSON.parse('{"__proto__":{"a":"b"}}') as unknown,
  'a getter that throws': () => ({
    get a(): never {
      return thrower(new Error('no'));
    },
  }),
  'a getter that throws what can not be put into words': () => ({
    get a(): never {
      return thrower(Object.create(null));
    },
  }),
  'a Proxy that throws at everything': () =>
    new Proxy({}, { get: () => thrower(new Error('no')), ownKeys: () => thrower(new Error('no')) }),
  'a revoked Proxy': () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  'a value that throws when it becomes a string': () => ({ a: { toString: () => thrower(new Error('no')) } }),
  '10,000 keys': () => Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i])),
  'a megabyte': () => ({ a: 'x'.repeat(2 ** 20) }),
};

describe('bad tags', () => {
  const dogstatsd = useDogstatsd();
  const makeClient = useClients();
  const calls: Record<string, (statsd: StatsdClient, tags: never) => unknown> = {
    increment: (statsd, tags) => statsd.increment('x', { tags }),
    timing: (statsd, tags) => statsd.timing('x', 1, { tags }),
    gauge: (statsd, tags) => statsd.gauge('x', 1, { tags }),
    'gauge with a callback': (statsd, tags) => statsd.gauge('x', () => 1, { tags }),
    set: (statsd, tags) => statsd.set('x', 'm', { tags }),
  };
  for (const [what, make] of Object.entries(BAD_TAGS)) {
    it(`are refused, counted once a call, and reported once, and nothing is thrown: ${what}`, async () => {
      for (const [method, call] of Object.entries(calls)) {
        const { statsd, log, sent } = makeClient();
        // Whatever was accepted before must not let them pass.
        call(statsd, {} as never);
        call(statsd, { a: 'b' } as never);
        const { recorded } = statsd.stats();
        for (let i = 0; i < 3; i++) call(statsd, make() as never);
        expect(statsd.stats(), method).to.include({ rejected: 3, recorded });
        expect(log.warnings, method).to.have.length(1);
        expect(log.warnings[0]!.length).to.be.below(250);
        expect((await sent()).join('').includes('object')).to.equal(false);
      }
    });

    it(`make bound metrics that record nothing, and throw nothing: ${what}`, () => {
      const { statsd } = makeClient();
      const tags = make() as never;
      statsd.createCounter('x', { tags }).increment();
      statsd.createTimer('x', { tags }).start()();
      expect(statsd.stats()).to.include({ recorded: 0, metrics: 0 });
    });
  }

  it('are refused when the options themselves throw, whatever the method', () => {
    const { statsd, log } = makeClient();
    const options = {
      get tags(): never {
        return thrower(new Error('no'));
      },
    };
    for (const call of Object.values(calls)) {
      const { rejected } = statsd.stats();
      call(statsd, 5 as never);
      expect(statsd.stats().rejected).to.equal(rejected + 1);
    }
    statsd.increment('x', options);
    statsd.timing('x', 1, options);
    statsd.gauge('x', 1, options);
    expect(statsd.gauge('x', () => 1, options)).to.be.a('function');
    statsd.set('x', 1, options);
    statsd.createCounter('x', options).increment();
    statsd.time('x', () => {}, options)();
    statsd.count('x', () => {}, options)();
    expect(statsd.stats()).to.include({ recorded: 0, metrics: 0 });
    expect(statsd.stats().rejected).to.be.at.least(13);
    expect(log.warnings).to.have.length(2);
  });

  it('names like __proto__, constructor and hasOwnProperty are keys like any other', async () => {
    const { statsd, lines } = dogstatsd();
    const tags = JSON.parse(
      '{"__proto__":"a","constructor":"b","hasOwnProperty":"c","toString":"d"}',
    ) as Tags;
    for (let i = 0; i < 2; i++) statsd.increment('x', { tags });
    expect(await lines()).to.deep.equal(['x:2|c|#__proto__:a,constructor:b,hasOwnProperty:c,toString:d']);
    expect(({} as Record<string, unknown>)['a']).to.equal(undefined);
  });

  it('are told apart from a rate or a name that is bad: one warning for each kind', () => {
    const { statsd, log } = makeClient();
    for (let i = 0; i < 3; i++) {
      statsd.increment('x', { tags: null as never });
      statsd.increment('x', { sampleRate: 2, tags: {} });
      statsd.increment('', { tags: {} });
      statsd.increment('x', { tags: { a: 'x'.repeat(600) } });
    }
    expect(statsd.stats().rejected).to.equal(12);
    expect(log.warnings).to.have.length(4);
  });
});

describe('many distinct tags', () => {
  const dogstatsd = useDogstatsd();

  it('end at maxMetrics: what is past it is dropped and counted, and those that are there go on', async () => {
    const { statsd, log, lines } = dogstatsd({ maxMetrics: 100 });
    for (let i = 0; i < 1000; i++) statsd.increment('x', { tags: { user: `u${i}` } });
    const { metrics, dropped, recorded } = statsd.stats();
    expect({ metrics, recorded, cardinality: dropped.cardinality }).to.deep.equal({
      metrics: 100,
      recorded: 1000,
      cardinality: 900,
    });
    for (let i = 0; i < 100; i++) statsd.increment('x', { tags: { user: `u${i}` } });
    expect(statsd.stats().dropped.cardinality).to.equal(900);
    expect(log.warnings).to.have.length(1);
    expect(log.warnings[0]).to.contain('maxMetrics');
    const sent = await lines();
    expect(sent).to.have.length(100);
    expect(sent.every((line) => /^x:2\|c\|#user:u\d+$/.test(line))).to.equal(true);
  });
});

describe('a metric with tags that was let go', () => {
  const dogstatsd = useDogstatsd();
  const tags = { a: 1, b: 2 };

  /** A client that has let everything go, and flushes only when it is told from here on. */
  async function afterwards(
    record: (statsd: StatsdClient) => void,
  ): Promise<{ statsd: StatsdClient; lines: () => Promise<string[]> }> {
    const time = new FakeTime();
    const client = dogstatsd({ interval: 20_000, maxMetrics: 3 }, time);
    record(client.statsd);
    await time.pass(260_000);
    expect(client.statsd.stats().metrics).to.equal(0);
    client.statsd.configure({ interval: Infinity });
    await client.lines();
    return client;
  }

  it('comes back when it is touched through the same tags object, and is one metric', async () => {
    const { statsd, lines } = await afterwards((statsd) => {
      statsd.increment('x', { tags });
      statsd.timing('t', 1, { tags });
    });
    for (let i = 0; i < 3; i++) statsd.increment('x', { tags });
    statsd.timing('t', 5, { tags });
    expect(statsd.stats()).to.include({ metrics: 2, pending: 4 });
    expect(await lines()).to.deep.equal(['x:3|c|#a:1,b:2', 't:5|ms|#a:1,b:2']);
  });

  it('is one with the metric that took its place, which other tags objects or bound metrics meet', async () => {
    const child = (statsd: StatsdClient): StatsdClient => statsd.child({ prefix: 'p' });
    let early: StatsdClient | undefined;
    const { statsd, lines } = await afterwards((statsd) => {
      early = child(statsd);
      statsd.updateStats('x', 1, { tags });
      statsd.gauge('g', 1, { tags });
      early.gauge('level', 1);
    });
    const reordered = { b: 2, a: 1 };
    statsd.updateStats('x', 0.5, { tags: reordered });
    statsd.updateStats('x', 0.5, { tags });
    const gauge = statsd.createGauge('g', { tags });
    statsd.gauge('g', 2, { tags });
    gauge.set(3);
    statsd.gauge('g', 4, { tags });
    early!.gauge('level', 5);
    child(statsd).gauge('level', 6);
    early!.gauge('level', 7);
    expect(statsd.stats()).to.include({ metrics: 3, pending: 8, rejected: 0 });
    expect(await lines()).to.deep.equal(['x:1|c|#a:1,b:2', 'g:4|g|#a:1,b:2', 'p.level:7|g']);
  });

  it('hands over timings and members, too', async () => {
    const { statsd, lines } = await afterwards((statsd) => {
      statsd.timing('t', 1, { tags });
      statsd.set('s', 'a', { tags });
    });
    const reordered = { b: 2, a: 1 };
    for (const way of [reordered, tags, reordered, tags, tags]) {
      statsd.timing('t', 7, { tags: way });
      statsd.set('s', way === tags ? 'b' : 'c', { tags: way });
    }
    expect(statsd.stats()).to.include({ metrics: 2, pending: 10 });
    expect(await lines()).to.deep.equal(['t:7:7:7:7:7|ms|#a:1,b:2', 's:c|s|#a:1,b:2', 's:b|s|#a:1,b:2']);
  });

  it('that finds no room is dropped, and counted', async () => {
    const { statsd, lines } = await afterwards((statsd) => statsd.increment('x', { tags }));
    for (const name of ['a', 'b', 'c']) statsd.increment(name);
    statsd.increment('x', { tags });
    statsd.increment('x', { tags });
    expect(statsd.stats()).to.include({ metrics: 3, pending: 3 });
    expect(statsd.stats().dropped.cardinality).to.equal(2);
    expect(await lines()).to.have.length(3);
  });
});
