import { AssertionError, expect, use } from 'chai';
import type { StatsdClient } from '../../src/index.js';
import { createRecordingClient, recordingOf, statsdAssertions } from '../../src/testing/index.js';

use(statsdAssertions);

describe("chai's expect of metrics", () => {
  let statsd: StatsdClient;
  before(() => (statsd = createRecordingClient({ prefix: 'shop' })));
  beforeEach(() => {
    recordingOf(statsd).reset();
    statsd.updateStats('orders', 2, { tags: { method: 'card', region: 'eu' } });
    statsd.increment('orders', { tags: { method: 'cash', region: 'eu' } });
    statsd.timing('checkout', 120, { tags: { route: '/pay' } });
    statsd.timing('checkout', 80, { tags: { route: '/pay' } });
    statsd.gauge('stock', 7);
    statsd.set('customers', 'ann');
    statsd.set('customers', 42);
  });

  it('is met by what was recorded', () => {
    expect(statsd).to.have.counted('shop.orders');
    expect(statsd).to.have.counted('shop.orders', 3);
    expect(statsd).to.have.counted('shop.orders', 2, { method: 'card' });
    expect(statsd).to.have.counted('shop.orders', { region: 'eu' });
    expect(statsd).to.have.counted('shop.orders', (sum) => sum > 2);
    expect(statsd).to.have.counted('shop.refunds', 0);
    expect(statsd).to.have.timed('shop.checkout');
    expect(statsd).to.have.timed('shop.checkout', 2, { route: '/pay' });
    expect(statsd).to.have.timed('shop.checkout', [120, 80]);
    expect(statsd).to.have.timed('shop.checkout', [120, (ms) => ms < 100]);
    expect(statsd).to.have.timed('shop.refund', 0).and.timed('shop.refund', []);
    expect(statsd).to.have.gauged('shop.stock', 7).and.gauged('shop.stock');
    expect(statsd).to.have.addedToSet('shop.customers', 'ann').and.addedToSet('shop.customers', 42);
    expect(statsd).to.have.addedToSet('shop.customers', [42, 'ann']).and.addedToSet('shop.customers');
  });

  it('is not met by anything else', () => {
    expect(statsd).to.not.have.counted('orders');
    expect(statsd).to.not.have.counted('shop.stock');
    expect(statsd).to.not.have.counted('shop.orders', 2);
    expect(statsd).to.not.have.counted('shop.orders', { method: 'voucher' });
    expect(statsd).to.not.have.counted('shop.orders', { toString: 'x' });
    expect(statsd).to.not.have.timed('shop.checkout', [80, 120]);
    expect(statsd).to.not.have.timed('shop.checkout', [120]);
    expect(statsd).to.not.have.timed('shop.checkout', 1);
    expect(statsd).to.not.have.gauged('shop.stock', 8);
    expect(statsd).to.not.have.gauged('shop.orders');
    expect(statsd).to.not.have.addedToSet('shop.customers', ['ann']);
    expect(statsd).to.not.have.addedToSet('shop.customers', 'bob');
    expect(statsd).to.not.have.recordedNothing();
  });

  it('says what it expected, what it found, and what was recorded', () => {
    expect(() => expect(statsd).to.have.counted('shop.orders', 3, { method: 'card' })).to.throw(
      AssertionError,
      `expected counter shop.orders {method: card} to be 3, but it is 2

Recorded:
  counter shop.orders {method: card, region: eu}: 2
  counter shop.orders {method: cash, region: eu}: 1
  gauge shop.stock: 7
  timer shop.checkout {route: /pay}: 2 durations (120, 80 ms)
  set shop.customers: ann, 42`,
    );
    const failures: [() => void, string][] = [
      [
        () => expect(statsd).to.not.have.counted('shop.orders', 3),
        'counter shop.orders not to be 3, but it is 3',
      ],
      [
        () => expect(statsd).to.have.timed('shop.refund'),
        'timer shop.refund to be recorded, but it was not recorded',
      ],
      [
        () => expect(statsd).to.have.timed('shop.checkout', [1, 2]),
        'timer shop.checkout to have the durations [1, 2] ms, but it has 2 durations (120, 80 ms)',
      ],
      [() => expect(statsd).to.have.gauged('shop.stock', 8), 'gauge shop.stock to be 8, but it is 7'],
      [
        () => expect(statsd).to.have.addedToSet('shop.customers', 'bob'),
        'set shop.customers to have the member "bob", but it has ann, 42',
      ],
    ];
    for (const [fail, text] of failures)
      expect(fail).to.throw(AssertionError, `expected ${text}\n\nRecorded:\n`);
    recordingOf(statsd).reset();
    expect(() => expect(statsd).to.have.gauged('shop.stock')).to.throw(
      AssertionError,
      'Nothing was recorded.',
    );
    expect(statsd).to.have.recordedNothing();
  });

  it('lists no more than fifty metrics, those of the name first', () => {
    for (let i = 0; i < 200; i++) statsd.increment(`many.${i}`, { tags: { text: '#{this}' } });
    statsd.increment('last');
    expect(() => expect(statsd).to.have.counted('shop.last', 2)).to.throw(
      AssertionError,
      /Recorded:\n {2}counter shop\.last: 1\n(.*\n){49} {2}and 156 more$/,
    );
  });

  it('fails for what is no client that records', () => {
    expect(() => expect({}).to.have.counted('orders')).to.throw(TypeError, 'a StatsdClient is expected');
    expect(() => expect(statsd).to.have.counted(7 as never)).to.throw(
      TypeError,
      'the name of a metric is expected, not 7',
    );
  });
});
