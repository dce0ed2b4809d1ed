import { expect } from 'chai';
import { type MetricDefinition, defineMetrics } from '../../src/catalogue/index.js';
import { MemoryTransport, StatsdClient } from '../../src/index.js';

const METRICS = {
  'orders.placed': { kind: 'counter', help: 'Orders that were placed.', tags: { method: ['card', 'cash'] } },
  checkout: { kind: 'timer', help: 'How long a checkout takes.', buckets: [0.1, 0.5, 1] },
  stock: { kind: 'gauge', help: 'What is left.', unit: 'items' },
} as const;

describe('a catalogue of metrics', () => {
  it('adds nothing to calls: its client is the client itself', async () => {
    const transport = new MemoryTransport();
    const client = new StatsdClient({ transport, service: false });
    const statsd = defineMetrics(METRICS).typed(client);
    expect(statsd).to.equal(client);
    statsd.increment('orders.placed', { tags: { method: 'card' } });
    statsd.createTimer('checkout').record(5);
    statsd.gauge('stock', 7);
    await client.flush();
    expect(transport.metrics.map(({ name, type }) => `${type} ${name}`)).to.have.members([
      'counter orders.placed',
      'timer checkout',
      'gauge stock',
    ]);
    await client.shutdown();
  });

  it('makes rules, which a client takes', async () => {
    const catalogue = defineMetrics(METRICS);
    expect(catalogue.rules()).to.deep.equal([
      { match: 'orders.placed', help: 'Orders that were placed.' },
      { match: 'checkout', help: 'How long a checkout takes.', buckets: [0.1, 0.5, 1] },
      { match: 'stock', help: 'What is left.', unit: 'items' },
    ]);
    expect(catalogue.rules('shop').map(({ match }) => match)).to.deep.equal([
      'shop.orders.placed',
      'shop.checkout',
      'shop.stock',
    ]);
    const client = new StatsdClient({ transport: new MemoryTransport(), rules: catalogue.rules() });
    expect(client.rules?.describe('gauge', 'stock')).to.deep.equal({ help: 'What is left.', unit: 'items' });
    await client.shutdown();
  });

  describe('refuses', () => {
    const help = 'A.';
    const cases: Record<string, [metrics: Record<string, unknown>, message: string]> = {
      'no kind': [{ a: { help } }, 'metric "a": option kind is missing'],
      'no description': [{ a: { kind: 'counter' } }, 'metric "a": option help is missing'],
      'a kind that there isn’t': [
        { a: { kind: 'count', help } },
        'metric "a": option kind must be one of counter, gauge, timer, set, histogram, distribution; it is "count"',
      ],
      'an empty name': [{ '': { kind: 'counter', help } }, 'metric "": its name is empty'],
      'a name that would be changed': [
        { 'a:b': { kind: 'counter', help } },
        `metric "a:b": its name can't be sent as it is`,
      ],
      'a star': [
        { 'a.*': { kind: 'counter', help } },
        'metric "a.*": a star in its name would stand for any characters in rules',
      ],
      'what is no definition': [{ a: 3 }, 'metric "a": options must be an object; they are 3'],
      'a field that there isn’t': [
        { a: { kind: 'counter', help, labels: [] } },
        'metric "a": unknown option "labels" (an array); there are kind, help, unit, buckets, tags',
      ],
      'a unit of a timer': [
        { a: { kind: 'timer', help, unit: 'ms' } },
        'metric "a": a timer has no unit: it is in seconds',
      ],
      'buckets of a counter': [
        { a: { kind: 'counter', help, buckets: [1] } },
        'metric "a": a counter has no buckets',
      ],
      'a unit that can’t be in a name': [
        { a: { kind: 'gauge', help, unit: 'm/s' } },
        'metric "a": option unit must be letters and underscores; it is "m/s"',
      ],
      'buckets that fall': [
        { a: { kind: 'timer', help, buckets: [2, 1] } },
        'metric "a": option buckets must be finite numbers in rising order, at least one; it is an array',
      ],
      'a tag without a key': [
        { a: { kind: 'counter', help, tags: { '': 'string' } } },
        `metric "a": a tag's key can't be empty`,
      ],
      'a tag without values': [
        { a: { kind: 'counter', help, tags: { b: { help } } } },
        'metric "a": tag "b": option values is missing',
      ],
      'an empty list of values': [{ a: { kind: 'counter', help, tags: { b: [] } } }, 'metric "a": tag "b": '],
      'a value that no tag can have': [
        { a: { kind: 'counter', help, tags: { b: { values: ['x', Number.NaN] } } } },
        'metric "a": tag "b": option values must be string, number, boolean or a list of strings, finite numbers and booleans; it is ',
      ],
    };
    for (const [what, [metrics, message]] of Object.entries(cases)) {
      it(what, () => {
        expect(() => defineMetrics(metrics as Record<string, MetricDefinition>)).to.throw(TypeError, message);
      });
    }
  });
});
