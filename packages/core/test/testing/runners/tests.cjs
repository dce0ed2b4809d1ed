// The same tests for Jest and Vitest, which differ in what is handed in.
const { Statsd } = require('@afstatsd/core');
const { createRecordingClient, matchers, record, recordingOf } = require('@afstatsd/core/testing');
const app = require('./app.cjs');

module.exports = ({ expect, test, describe, beforeEach, afterEach, timers }) => {
  expect.extend(matchers);
  const recording = record();
  beforeEach(() => recording.reset());

  describe('passes', () => {
    test('what an app has recorded', () => {
      app.placeOrder('card');
      app.placeOrder('card');
      app.placeOrder('cash');
      app.stock(0.1 + 0.2);
      app.visit('ann');
      expect(Statsd).toHaveCounted('orders', 3);
      expect(Statsd).toHaveCounted('orders', 2, { method: 'card' });
      expect(Statsd).toHaveCounted('orders', expect.any(Number), {
        method: expect.stringContaining('a'),
        region: 'eu',
      });
      expect(Statsd).not.toHaveCounted('orders', { method: 'voucher' });
      expect(Statsd).toHaveTimed('checkout', 3);
      expect(Statsd).toHaveTimed('checkout', (times) => times > 2);
      expect(Statsd).toHaveGauged('stock', expect.closeTo(0.3));
      expect(Statsd).toHaveGauged('stock', 0.3);
      expect(Statsd).toHaveAddedToSet('visitors', ['ann']);
      expect(Statsd).not.toHaveRecordedNothing();
    });

    test('nothing of the test before', () => {
      expect(Statsd).toHaveRecordedNothing();
      expect(Statsd).toHaveCounted('orders', 0);
    });

    test('a client of its own', () => {
      const statsd = createRecordingClient({ prefix: 'own' });
      statsd.timing('wait', 12.5);
      expect(statsd).toHaveTimed('own.wait', [12.5]);
      expect(Statsd).toHaveRecordedNothing();
      expect(recordingOf(statsd).metrics()).toHaveLength(1);
    });
  });

  describe('under fake timers', () => {
    beforeEach(() => timers.useFakeTimers());
    afterEach(() => timers.useRealTimers());

    test('what a timer of the app records', () => {
      timers.setSystemTime(1_000_000);
      app.later(60_000);
      expect(Statsd).toHaveRecordedNothing();
      timers.advanceTimersByTime(60_000);
      expect(Statsd).toHaveCounted('late', 1, { after: 1_060_000 });
      app.placeOrder('card');
      expect(Statsd).toHaveTimed('checkout', 1);
      expect(timers.getTimerCount()).toBe(0);
    });
  });

  describe('fails', () => {
    test('a sum', () => {
      app.placeOrder('card');
      expect(Statsd).toHaveCounted('orders', 2, { method: 'card' });
    });

    test('a negation', () => {
      app.stock(7);
      expect(Statsd).not.toHaveGauged('stock', expect.any(Number));
    });

    test('a client that does not record', () => {
      expect(new (require('@afstatsd/core').StatsdClient)()).toHaveCounted('orders');
    });
  });
};
