import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { decode, type StatsdClient } from '../../src/index.js';

const NO_NUMBERS = [
  NaN,
  Infinity,
  -Infinity,
  '5',
  undefined,
  null,
  {},
  [],
  true,
  5n,
  Symbol('five'),
] as never[];

const withValue: Record<string, (statsd: StatsdClient, value: never) => void> = {
  updateStats: (statsd, value) => statsd.updateStats('x', value),
  timing: (statsd, value) => statsd.timing('x', value),
  gauge: (statsd, value) => statsd.gauge('x', value),
  'createTimer().record': (statsd, value) => statsd.createTimer('x').record(value),
  'createGauge().set': (statsd, value) => statsd.createGauge('x').set(value),
};

const withName: Record<string, (statsd: StatsdClient, name: never) => unknown> = {
  increment: (statsd, name) => statsd.increment(name),
  decrement: (statsd, name) => statsd.decrement(name),
  updateStats: (statsd, name) => statsd.updateStats(name, 2),
  timing: (statsd, name) => statsd.timing(name, 2),
  gauge: (statsd, name) => statsd.gauge(name, 2),
  'gauge with a callback': (statsd, name) => statsd.gauge(name, () => 2),
  set: (statsd, name) => statsd.set(name, 'member'),
};

const withOptions: Record<string, (statsd: StatsdClient, options: never) => void> = {
  increment: (statsd, options) => statsd.increment('x', options),
  updateStats: (statsd, options) => statsd.updateStats('x', 1, options),
  timing: (statsd, options) => statsd.timing('x', 1, options),
  gauge: (statsd, options) => statsd.gauge('x', 1, options),
  set: (statsd, options) => statsd.set('x', 'member', options),
};

/** As hot-shots has them: `increment(name, value, sampleRate, tags, callback)`. TypeScript reports them. */
const withExtra: Record<string, (statsd: StatsdClient, name: string, extra: unknown) => void> = {
  increment: (statsd, name, extra) => (statsd.increment as Loose)(name, 1, extra),
  'increment, no value': (statsd, name, extra) => (statsd.increment as Loose)(name, undefined, extra),
  decrement: (statsd, name, extra) => (statsd.decrement as Loose)(name, { tags: {} }, extra),
  updateStats: (statsd, name, extra) => (statsd.updateStats as Loose)(name, 2, 1, extra),
  timing: (statsd, name, extra) => (statsd.timing as Loose)(name, 5, 0.5, extra),
  gauge: (statsd, name, extra) => (statsd.gauge as Loose)(name, 5, 1, extra),
  'gauge with a callback': (statsd, name, extra) => (statsd.gauge as Loose)(name, () => 5, {}, extra),
  set: (statsd, name, extra) => (statsd.set as Loose)(name, 'ann', 1, extra),
  time: (statsd, name, extra) => (statsd.time as Loose)(name, () => {}, 1, extra),
  count: (statsd, name, extra) => (statsd.count as Loose)(name, () => {}, 1, extra),
};
type Loose = (...args: unknown[]) => unknown;

describe('bad input to a client', () => {
  const makeClient = useClients();
  for (const [method, call] of Object.entries(withValue)) {
    it(`${method}: a value that is no finite number is refused, counted, and reported once`, async () => {
      const { statsd, log, sent } = makeClient();
      for (const value of NO_NUMBERS) call(statsd, value);
      for (const value of NO_NUMBERS) call(statsd, value);
      expect(statsd.stats()).to.include({ rejected: 2 * NO_NUMBERS.length, recorded: 0 });
      expect(log.warnings).to.have.length(1);
      expect(log.warnings[0]).to.contain('"x"').and.contain('NaN');
      expect(await sent()).to.deep.equal([]);
    });
  }

  for (const [method, call] of Object.entries(withExtra)) {
    it(`${method}: an argument past the last is said once for each name, and the call counts`, async () => {
      const { statsd, log, sent } = makeClient();
      for (let round = 0; round < 2; round++) {
        for (const name of ['x', 'y']) call(statsd, name, ['k:v']);
        call(statsd, 'z', () => {});
      }
      const names = method === 'time' || method === 'count' ? [] : ['x', 'y', 'z'];
      expect((await sent()).join().match(/[xyz](?=:)/g) ?? []).to.have.members(names);
      expect(statsd.stats().rejected).to.equal(0);
      const said = (what: string): string =>
        `afstatsd: a call's last argument is its options; ${what} (said once)`;
      expect(log.warnings).to.deep.equal([
        said('an array after them is left out of "x" (tags? { tags: { … } } as the options)'),
        said('an array after them is left out of "y" (tags? { tags: { … } } as the options)'),
        said('a function after them is left out of "z" (a callback? await flush())'),
      ]);
    });
  }

  it('an argument past the last is said of twenty names', () => {
    const { statsd, log } = makeClient();
    for (let i = 0; i < 30; i++) withExtra['increment']!(statsd, `x${i}`, ['k:v']);
    expect(log.warnings).to.have.length(20);
  });

  for (const method of ['flush', 'shutdown'] as const) {
    it(`${method}: a callback, or a number, is said once`, async () => {
      const { statsd, log } = makeClient();
      for (const options of [() => {}, 500, null] as never[]) await statsd[method](options);
      expect(log.warnings).to.deep.equal([
        'afstatsd: flush and shutdown take { timeout } and return a promise; a function is left out (said once)',
      ]);
    });
  }

  for (const [method, call] of Object.entries(withOptions)) {
    it(`${method}: an array in the place of the options is refused, counted, and reported once`, () => {
      const { statsd, log } = makeClient();
      for (let i = 0; i < 2; i++) call(statsd, ['method:card'] as never);
      expect(statsd.stats()).to.include({ rejected: 2, recorded: 0 });
      expect(log.warnings).to.have.length(1);
      expect(log.warnings[0]).to.contain('options are a sample rate or an object, not an array');
    });

    it(`${method}: tags in the place of the options are reported once, and the call counts`, async () => {
      const { statsd, log } = makeClient();
      for (let i = 0; i < 2; i++) call(statsd, { method: 'card' } as never);
      for (const options of [{}, { tags: {} }, { sampleRate: 1 }]) call(statsd, options as never);
      expect(statsd.stats()).to.include({ rejected: 0, recorded: 5 });
      expect(log.warnings).to.have.length(1);
      expect(log.warnings[0]).to.contain('"method" is neither, and is left out');
    });
  }

  it('a mistake is reported for each metric that it is made with, twenty times at most', () => {
    const { statsd, log } = makeClient();
    for (const name of ['a', 'b', 'c', 'a']) statsd.timing(name, NaN);
    expect(log.warnings).to.have.length(3);
    expect(log.warnings[2]).to.include('the duration of "c" can\'t be NaN: refused');
    for (let i = 0; i < 100; i++) statsd.timing(`name.${i}`, NaN);
    expect(log.warnings).to.have.length(20);
    for (const name of ['a', 'b']) statsd.increment(name, 5);
    expect(log.warnings.slice(20)).to.deep.equal(
      ['a', 'b'].map(
        (name) =>
          'afstatsd: a sample rate is a number above 0 and up to 1, not 5 ' +
          `(of "${name}"; updateStats takes a delta); the call is refused (said once)`,
      ),
    );
    expect(statsd.stats()).to.include({ rejected: 106, recorded: 0 });
  });

  it('a delta over 2^53 - 1 is refused, since sums would not be exact', () => {
    const { statsd } = makeClient();
    statsd.updateStats('x', 2 ** 53);
    statsd.updateStats('x', Number.MAX_SAFE_INTEGER);
    expect(statsd.stats()).to.include({ rejected: 1, recorded: 1 });
  });

  for (const [method, call] of Object.entries(withName)) {
    it(`${method}: a name that is empty, too long or no string is refused, counted, and reported once per kind`, async () => {
      const { statsd, log, sent } = makeClient();
      const bad = ['', 'x'.repeat(513), undefined, null, 5, {}, Symbol('x')] as never[];
      for (const name of [...bad, ...bad]) call(statsd, name);
      expect(statsd.stats()).to.include({ rejected: 2 * bad.length, recorded: 0, metrics: 0 });
      expect(log.warnings).to.have.length(3);
      for (const line of log.warnings) expect(line.length).to.be.below(250);
      expect(await sent()).to.deep.equal([]);
    });

    it(`${method}: a name with reserved characters is made safe, and reported once for each`, async () => {
      const { statsd, log, sent } = makeClient();
      for (const name of ['a:b', 'a|b', 'a@b', 'a\nb', 'a\0b', 'a\uD800b']) call(statsd, name as never);
      call(statsd, 'c::d' as never);
      const [message = ''] = await sent();
      const { metrics, bad } = decode(message);
      expect(bad).to.deep.equal([]);
      expect(metrics.map(({ name }) => name)).to.deep.equal(['a_b', 'c.d']);
      expect(log.warnings).to.have.length(7);
    });

    it(`${method}: __proto__, constructor, toString and emoji are names like any other`, async () => {
      const { statsd, sent } = makeClient();
      const names = ['__proto__', 'constructor', 'toString', '🛒.größe'];
      for (const name of names) call(statsd, name as never);
      const [message = ''] = await sent();
      expect(decode(message).metrics.map(({ name }) => name)).to.deep.equal(names);
    });
  }

  for (const [method, call] of Object.entries(withOptions)) {
    it(`${method}: a sample rate outside (0, 1], or options that are none, refuse the call`, () => {
      const { statsd, log } = makeClient();
      const bad = [
        0,
        -0.1,
        1.1,
        5,
        NaN,
        Infinity,
        { sampleRate: 0 },
        { sampleRate: '0.5' },
        'half',
        null,
        true,
      ] as never[];
      for (const options of [...bad, ...bad]) call(statsd, options);
      expect(statsd.stats()).to.include({ rejected: 2 * bad.length, recorded: 0 });
      expect(log.warnings).to.have.length(2);
    });

    it(`${method}: a call counts in full whatever its rate, since samples are aggregated`, () => {
      const { statsd } = makeClient();
      for (const options of [undefined, 1, 0.001, { sampleRate: 0.5 }, {}] as never[]) call(statsd, options);
      expect(statsd.stats()).to.include({ rejected: 0, recorded: 5 });
    });
  }

  it('several names are recorded each for itself: the good ones count', async () => {
    const { statsd, sent } = makeClient();
    statsd.increment(['a', '', 'b', 5 as never, 'a']);
    expect(await sent()).to.deep.equal(['a:2|c::b:1|c']);
    expect(statsd.stats()).to.include({ recorded: 3, rejected: 2 });
  });

  it('a set member that is empty, too long or neither string nor finite number is refused; others are made safe', async () => {
    const { statsd, sent } = makeClient();
    for (const member of ['', 'x'.repeat(513), NaN, Infinity, undefined, null, {}, ['a']])
      statsd.set('s', member as never);
    expect(statsd.stats()).to.include({ rejected: 8, recorded: 0 });
    for (const member of ['a,b', 'c::d', 'e|f', 7, 'a,b']) statsd.set('s', member);
    expect(await sent()).to.deep.equal(['s:a_b,c.d,e_f,7|s']);
    expect(statsd.stats()).to.include({ rejected: 8, recorded: 5 });
  });

  it('the same name as counter, gauge, timer and set is four metrics, and all arrive', async () => {
    const { statsd, sent } = makeClient();
    statsd.increment('x');
    statsd.gauge('x', 2);
    statsd.timing('x', 3);
    statsd.set('x', 4);
    expect((await sent()).join()).to.match(/^x:1\|c::x:2\|g\|\d+::x:3\|ms::x:4\|s$/);
  });

  it('arguments that throw when they are looked at are refused', () => {
    const { statsd } = makeClient();
    const hostile = new Proxy([], {
      get() {
        throw new Error('no');
      },
    });
    statsd.increment(hostile);
    statsd.increment('x', {
      get sampleRate(): number {
        throw new Error('no');
      },
    });
    expect(statsd.stats()).to.include({ rejected: 2, recorded: 0 });
  });

  it('time and count give back what is no function', () => {
    const { statsd } = makeClient();
    expect(statsd.time('x', 5 as never)).to.equal(5);
    expect(statsd.count('x', undefined as never)).to.equal(undefined);
    expect(statsd.stats()).to.include({ rejected: 2 });
  });

  it('bound metrics of a bad name record nothing, and throw nothing', () => {
    const { statsd } = makeClient();
    const counter = statsd.createCounter('');
    counter.increment();
    counter.decrement('1' as never);
    statsd.createGauge('').set(1);
    statsd.createTimer('').record(1);
    expect(statsd.createTimer('').start()()).to.be.a('number');
    statsd.createSet('').add('a');
    expect(statsd.stats()).to.include({ recorded: 0, metrics: 0 });
    expect(statsd.stats().rejected).to.be.greaterThan(5);
  });

  it('a bad timeout is the default one, and flush does not reject', async () => {
    const { statsd, log } = makeClient();
    for (const timeout of [-1, NaN, 'soon', null])
      expect(await statsd.flush({ timeout: timeout as never })).to.deep.equal({ sent: 0, pending: 0 });
    expect(log.warnings).to.have.length(1);
    expect(await statsd.flush({ timeout: Infinity })).to.deep.equal({ sent: 0, pending: 0 });
  });

  it('whatever is called with whatever, nothing is thrown and every message can be read', async () => {
    const anything = fc.oneof(fc.anything(), fc.string({ unit: 'binary' }), fc.double());
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(5), anything, anything, anything), { maxLength: 30 }),
        async (calls) => {
          const { statsd, memory } = makeClient();
          const methods = [
            statsd.increment,
            statsd.decrement,
            statsd.updateStats,
            statsd.timing,
            statsd.gauge,
            statsd.set,
          ];
          for (const [at, ...args] of calls) (methods[at] as (...args: unknown[]) => void)(...args);
          await statsd.flush();
          for (const message of memory.messages) expect(decode(message).bad).to.deep.equal([]);
          const { recorded, sent, pending } = statsd.stats();
          expect(recorded).to.equal(sent + pending);
        },
      ),
      { numRuns: 300 },
    );
  });
});
