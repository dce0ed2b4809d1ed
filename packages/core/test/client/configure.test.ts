import { until, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { MemoryTransport, NullTransport, StatsdClient } from '../../src/index.js';

describe('configure', () => {
  const makeClient = useClients();
  const nonsense: Record<string, unknown[]> = {
    transport: ['tcp://x', 'nonsense', 5, {}, null, 'mq://host/queue', 'mq:///a/b', 'mq:///'],
    interval: [-1, NaN, -Infinity, '20s', 2 ** 31, null],
    prefix: [5, 'a:b', 'a|b', 'a\n', 'x'.repeat(256), '€'.repeat(86)],
    maxMetrics: [0, -1, 1.5, NaN, '10'],
    maxSamples: [0, 2, -1, 3.5, NaN, '10'],
    enabled: ['yes', 1],
    handleSignals: ['no', 0],
    exitTimeout: [-1, NaN, '1s'],
    logger: [5, {}, 'console'],
    onError: [5, {}],
    colour: ['blue'],
  };
  for (const [option, values] of Object.entries(nonsense)) {
    it(`throws a TypeError that names ${option} and the value, and changes nothing`, () => {
      const { statsd, memory } = makeClient();
      for (const value of values) {
        expect(() => statsd.configure({ enabled: false, [option]: value }), String(value)).to.throw(
          TypeError,
        );
        expect(() => new StatsdClient({ [option]: value })).to.throw(TypeError);
        try {
          statsd.configure({ [option]: value });
        } catch (error) {
          const { message } = error as Error;
          expect(message).to.contain(option);
          const shown = typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : String(value);
          if (typeof value !== 'object') expect(message).to.contain(shown.slice(0, 20));
        }
      }
      statsd.increment('x');
      statsd.setAggregation(false);
      expect(memory.messages).to.deep.equal(['x:1|c']);
    });
  }

  it('throws a TypeError for options that are no object', () => {
    for (const options of [5, null, 'interval'])
      expect(() => makeClient().statsd.configure(options as never)).to.throw(TypeError);
  });

  it('merges with what was set before; undefined means not given', async () => {
    const { statsd, sent } = makeClient({ prefix: 'shop' });
    statsd.increment('x');
    statsd.configure({ maxSamples: 3 });
    statsd.configure({ prefix: undefined } as never);
    expect(await sent()).to.deep.equal(['shop.x:1|c']);
  });

  it('applies the prefix when a metric is written, not when it is created', async () => {
    const { statsd, sent } = makeClient();
    const counter = statsd.createCounter('x');
    counter.increment();
    statsd.configure({ prefix: 'shop.' });
    expect(await sent()).to.deep.equal(['shop.x:1|c']);
  });

  it('a new transport gets what was pending, and the old one is closed', async () => {
    const { statsd, memory } = makeClient();
    const second = new MemoryTransport();
    statsd.increment('x');
    statsd.setTransport(second);
    await statsd.flush();
    expect(memory.messages).to.deep.equal([]);
    expect(memory.stats().state).to.equal('closed');
    expect(second.messages).to.deep.equal(['x:1|c']);
  });

  it('NullTransport takes everything and sends nothing', async () => {
    const { statsd } = makeClient({ transport: new NullTransport() });
    statsd.increment('x');
    expect(await statsd.flush()).to.deep.equal({ sent: 1, pending: 0 });
    statsd.setTransport('null:');
    expect(statsd.stats().transport.messages).to.equal(0);
  });

  it('enabled: false records nothing and sends nothing, until it is true again', async () => {
    const { statsd, sent } = makeClient({ enabled: false });
    statsd.increment('x');
    statsd.timing('t', 5);
    expect(await sent()).to.deep.equal([]);
    expect(statsd.stats()).to.include({ recorded: 0, rejected: 0 });
    statsd.configure({ enabled: true });
    statsd.increment('x');
    expect(await sent()).to.deep.equal(['x:1|c']);
  });

  it('a shorter interval counts from now', async () => {
    const { statsd, memory } = makeClient();
    statsd.increment('x');
    statsd.configure({ interval: 5 });
    await until('the interval is over', () => memory.messages.length > 0);
    statsd.increment('x');
    await until('the next one is over', () => memory.messages.length > 1);
    expect(memory.messages).to.deep.equal(['x:1|c', 'x:1|c']);
  });

  it('hears of problems through onError too, and survives a logger and an onError that throw', () => {
    const heard: Error[] = [];
    const fail = (): never => {
      throw new Error('the logger is broken');
    };
    const { statsd } = makeClient({
      logger: { warn: fail, info: fail },
      onError: (error) => heard.push(error),
    });
    statsd.increment('');
    statsd.configure({ onError: fail });
    statsd.timing('x', NaN);
    expect(heard.map(({ name, message }) => `${name}: ${message}`)).to.have.length(1);
    expect(heard[0]?.message).to.contain('a name is empty');
    expect(statsd.stats().rejected).to.equal(2);
  });

  it('takes a logger with warning instead of warn', () => {
    const lines: string[] = [];
    const { statsd } = makeClient({ logger: { warning: (line) => lines.push(line) } });
    statsd.increment('');
    expect(lines).to.have.length(1);
  });

  it('without a logger, warns with process.emitWarning', async () => {
    const heard: Error[] = [];
    const listen = (warning: Error): void => void heard.push(warning);
    process.on('warning', listen);
    const statsd = new StatsdClient({ transport: 'null:' });
    try {
      statsd.increment('');
      await until('the warning is emitted', () => heard.length > 0);
      expect(heard[0]?.name).to.equal('StatsdWarning');
    } finally {
      process.off('warning', listen);
      await statsd.shutdown();
    }
  });
});

describe('aggregation', () => {
  const makeClient = useClients();

  it('is off at interval 0, and on or off as setAggregation or the property says', () => {
    const { statsd, memory } = makeClient({ interval: 0 });
    expect(statsd.aggregating).to.equal(false);
    statsd.increment('a');
    expect(memory.messages).to.deep.equal(['a:1|c']);
    statsd.aggregating = true;
    statsd.increment('a');
    statsd.increment('a');
    expect(memory.messages).to.have.length(1);
    statsd.setAggregation(false);
    expect(memory.messages).to.deep.equal(['a:1|c', 'a:2|c']);
    statsd.increment('b');
    expect(memory.messages.at(-1)).to.equal('b:1|c');
    expect(statsd.aggregating).to.equal(false);
    statsd.setAggregation(true);
    statsd.configure({ interval: 0 });
    expect(statsd.aggregating).to.equal(false);
  });

  it('is not switched by anything but a boolean', () => {
    const { statsd } = makeClient();
    expect(() => statsd.setAggregation('off' as never)).to.throw(TypeError, '"off"');
    expect(() => (statsd.aggregating = 0 as never)).to.throw(TypeError, '0');
  });
});
