import { expect, use } from 'chai';
import { defineMetrics } from '../../src/catalogue/index.js';
import type { StatsdClient } from '../../src/index.js';
import { createRecordingClient, matchers, recordingOf, statsdAssertions } from '../../src/testing/index.js';

use(statsdAssertions);

const catalogue = defineMetrics({
  'orders.placed': {
    kind: 'counter',
    help: 'Orders.',
    tags: {
      method: ['card', 'cash'],
      region: 'string',
      attempt: { values: 'number', optional: true },
      voucher: { values: 'boolean', optional: true },
    },
  },
  checkout: { kind: 'timer', help: 'Checkouts.', tags: { provider: ['acme'] } },
  'basket.size': { kind: 'histogram', help: 'Baskets.' },
  'parcel.weight': { kind: 'distribution', help: 'Parcels.' },
  stock: { kind: 'gauge', help: 'Stock.' },
  visitors: { kind: 'set', help: 'Visitors.' },
});

describe('expect of a catalogue', () => {
  let statsd: StatsdClient;
  before(() => (statsd = createRecordingClient({ prefix: 'shop', tags: { stage: 'test' } })));
  beforeEach(() => recordingOf(statsd).reset());

  /** What is said of one call. */
  const problemOf = (record: () => void): string => {
    recordingOf(statsd).reset();
    record();
    const { pass, message } = matchers.toHaveRecordedOnly(statsd, catalogue);
    expect(pass, 'whether all is in the catalogue').to.equal(false);
    return message();
  };

  it('is met by metrics of every kind that are in it, also through children', () => {
    const typed = catalogue.typed(statsd);
    typed.increment('orders.placed', { tags: { method: 'card', region: 'eu' } });
    typed.increment('orders.placed', { tags: { method: 'cash', region: '', attempt: 2, voucher: false } });
    typed.timing('checkout', 5, { tags: { provider: 'acme' } });
    typed.histogram('basket.size', 5);
    typed.distribution('parcel.weight', 5);
    typed.gauge('stock', 5);
    const stop = typed.gauge('stock', () => 5);
    typed.set('visitors', 'ann');
    typed
      .child({ prefix: 'orders', tags: { region: 'eu' } })
      .increment('placed', { tags: { method: 'card' } });
    expect(statsd).to.have.recordedOnly(catalogue);
    stop();
  });

  it('is met by nothing at all', () => {
    expect(statsd).to.have.recordedOnly(catalogue);
    expect(statsd).to.have.recordedNothing();
  });

  it('is met by the counter of errors that @Timed adds to a timer', () => {
    statsd.increment('checkout.errors', { tags: { provider: 'acme' } });
    expect(statsd).to.have.recordedOnly(catalogue);
    statsd.increment('stock.errors');
    expect(statsd).to.not.have.recordedOnly(catalogue);
  });

  it('says what is not in it, and why', () => {
    const tags = { method: 'card', region: 'eu' };
    expect(problemOf(() => statsd.increment('orders.plced', { tags }))).to.equal(
      `expected only metrics of the catalogue to be recorded, but there are others:

  counter shop.orders.plced {stage: test, method: card, region: eu}: it is not in the catalogue`,
    );
    const said: [why: string, record: () => void][] = [
      ['the catalogue has it as a gauge', () => statsd.increment('stock')],
      ['the catalogue has it as a timer', () => statsd.histogram('checkout', 3)],
      ['the catalogue has it as a histogram', () => statsd.timing('basket.size', 3)],
      [
        'the catalogue has no tag "pod" of it',
        () => statsd.increment('orders.placed', { tags: { ...tags, pod: 'a' } }),
      ],
      ['its tag "region" is missing', () => statsd.increment('orders.placed', { tags: { method: 'card' } })],
      [
        'its tag "method" is "cheque", not card or cash',
        () => statsd.increment('orders.placed', { tags: { ...tags, method: 'cheque' } }),
      ],
      [
        'its tag "attempt" is "two", not a number',
        () => statsd.increment('orders.placed', { tags: { ...tags, attempt: 'two' } }),
      ],
      [
        'its tag "voucher" is "yes", not a boolean',
        () => statsd.increment('orders.placed', { tags: { ...tags, voucher: 'yes' } }),
      ],
      ['it is not in the catalogue', () => statsd.increment('toString')],
    ];
    for (const [why, record] of said) expect(problemOf(record)).to.contain(`: ${why}`);
  });

  it('lists fifty at most', () => {
    const message = problemOf(() => {
      for (let at = 0; at < 60; at++) statsd.increment(`other.${at}`);
    });
    expect(message.split('\n').filter((line) => line.includes('not in the catalogue'))).to.have.length(50);
    expect(message).to.contain('  and 10 more');
  });

  it('leaves alone what is excepted', () => {
    statsd.increment('http.request');
    statsd.gauge('nodejs.heap', 3);
    expect(statsd).to.have.recordedOnly(catalogue, { except: ['http.*', 'nodejs.heap'] });
    expect(statsd).to.not.have.recordedOnly(catalogue, { except: ['http.*'] });
    expect(() => expect(statsd).to.not.have.recordedOnly(catalogue, { except: ['*'] })).to.throw(
      'expected a metric to be recorded that is not in the catalogue, but there is none',
    );
  });

  it('takes nothing but a catalogue', () => {
    expect(() => matchers.toHaveRecordedOnly(statsd, undefined)).to.throw(
      TypeError,
      'a catalogue of defineMetrics is expected, not undefined',
    );
  });
});
