import { expect } from 'chai';
import { StatsdClient } from '../../src/index.js';
import { type RecordedMetric, createRecordingClient, record, recordingOf } from '../../src/testing/index.js';

const valuesOf = (metrics: readonly RecordedMetric[]): Record<string, unknown> =>
  Object.fromEntries(
    metrics.map(({ kind, name, value, values, members }) => [
      name,
      kind === 'timer' ? values : kind === 'set' ? members : value,
    ]),
  );

describe('a client that records for tests', () => {
  it('has each value as it was recorded, at once and without a flush', () => {
    const statsd = createRecordingClient();
    statsd.increment(['orders', 'orders']);
    statsd.updateStats('balance', 0.1);
    statsd.updateStats('balance', -0.3);
    statsd.gauge('size', 1);
    statsd.gauge('size', 1 / 3);
    statsd.timing('wait', 0.123456);
    statsd.timing('wait', 20);
    statsd.set('users', 'ann');
    statsd.set('users', 'bob,#');
    statsd.set('users', 'ann');
    const expected = {
      orders: 2,
      balance: 0.1 - 0.3,
      size: 1 / 3,
      wait: [0.123456, 20],
      users: ['ann', 'bob,#'],
    };
    for (let look = 0; look < 2; look++) {
      expect(valuesOf(recordingOf(statsd).metrics())).to.deep.equal(expected);
    }
    statsd.increment('orders');
    expect(valuesOf(recordingOf(statsd).metrics())).to.deep.equal({ ...expected, orders: 3 });
  });

  it('has every call with a sample rate, and every one of many durations', () => {
    const statsd = createRecordingClient();
    for (let i = 0; i < 5_000; i++) {
      statsd.increment('hits', 0.001);
      statsd.timing('wait', i);
    }
    const { hits, wait } = valuesOf(recordingOf(statsd).metrics());
    expect(hits).to.equal(5_000);
    expect(wait).to.deep.equal(Array.from({ length: 5_000 }, (_, i) => i));
  });

  it('has as many metrics as there are, however long it takes to hand them over', () => {
    const statsd = createRecordingClient({ maxMetrics: 100_000 });
    for (let i = 0; i < 50_000; i++) statsd.increment(`hits.${i}`);
    expect(recordingOf(statsd).metrics()).to.have.length(50_000);
    recordingOf(statsd).reset();
    expect(recordingOf(statsd).metrics()).to.deep.equal([]);
  });

  it('has the prefix and the tags of client and child, but not its origin', () => {
    const statsd = createRecordingClient({
      prefix: 'shop',
      tags: { region: 'eu', method: 'any' },
      service: 'shop',
    });
    const child = statsd.child({ prefix: 'payments', tags: { provider: 'acme' } });
    child.increment('refunds', { tags: { method: 'card', ok: true } });
    const [refund] = recordingOf(child).metrics();
    expect(refund).to.include({ name: 'shop.payments.refunds', value: 1 });
    expect(refund!.tags).to.deep.equal({ region: 'eu', method: 'card', provider: 'acme', ok: 'true' });
    expect(recordingOf(child)).to.equal(recordingOf(statsd));
  });

  it('reads gauge callbacks when it is looked at', () => {
    const statsd = createRecordingClient();
    let size = 1;
    const end = statsd.gauge('size', () => size);
    expect(valuesOf(recordingOf(statsd).metrics())).to.deep.equal({ size: 1 });
    size = 2;
    expect(valuesOf(recordingOf(statsd).metrics())).to.deep.equal({ size: 2 });
    end();
    recordingOf(statsd).reset();
    expect(recordingOf(statsd).metrics()).to.deep.equal([]);
  });

  it('forgets by a reset what was recorded before, also by metrics that are held', () => {
    const statsd = createRecordingClient();
    const [orders, wait] = [statsd.createCounter('orders'), statsd.createTimer('wait')];
    for (let test = 0; test < 2; test++) {
      recordingOf(statsd).reset();
      orders.increment();
      wait.record(5);
      statsd.increment('more');
      expect(valuesOf(recordingOf(statsd).metrics())).to.deep.equal({ orders: 1, wait: [5], more: 1 });
    }
  });

  it('is back after a reset when the app has shut it down, or set a transport', async () => {
    const statsd = createRecordingClient();
    const recording = recordingOf(statsd);
    statsd.increment('orders');
    await statsd.shutdown();
    expect(valuesOf(recording.metrics())).to.deep.equal({ orders: 1 });
    recording.reset();
    statsd.increment('orders');
    expect(valuesOf(recording.metrics())).to.deep.equal({ orders: 1 });

    statsd.setTransport('null:');
    expect(() => recording.metrics()).to.throw(
      Error,
      'the client no longer records: another transport was set since',
    );
    recording.reset();
    statsd.increment('orders');
    expect(valuesOf(recording.metrics())).to.deep.equal({ orders: 1 });
  });

  it('can be one that is there already', () => {
    const statsd = new StatsdClient({ prefix: 'shop' });
    const recording = record(statsd);
    statsd.increment('orders');
    expect(valuesOf(recordingOf(statsd).metrics())).to.deep.equal({ 'shop.orders': 1 });
    expect(record(statsd.child())).to.equal(recording);
  });

  it('has a ledger that adds up', () => {
    const statsd = createRecordingClient();
    statsd.increment(['a', 'b']);
    recordingOf(statsd).reset();
    statsd.increment('a');
    expect(statsd.stats()).to.include({ recorded: 3, sent: 2, pending: 1 });
  });

  it('has to be one', () => {
    expect(() => recordingOf(new StatsdClient())).to.throw(
      TypeError,
      'this client does not record: make it with createRecordingClient(), or call record(client) first',
    );
    for (const wrong of [undefined, null, {}, 'statsd']) {
      expect(() => recordingOf(wrong)).to.throw(TypeError, 'a StatsdClient is expected, not ');
    }
  });
});
