'use strict';

// How a test ends, in a runner whose tests have a `process` of their own, such as Jest: its `exit` never comes, so there is no last
// flush. The rows are as those of `ends.cjs`.
const { setTimeout } = require('node:timers');

const settled = (condition) =>
  new Promise((resolve) => {
    const look = () => (condition() ? resolve() : setTimeout(look, 5));
    look();
  });

/** @type {Readonly<Record<string, import('./ends.cjs').End>>} */
const TEST_ENDS = {
  flushes: {
    async run({ record, flushed }) {
      record();
      await flushed();
    },
    ends: 0,
  },
  'waits for the interval': {
    async run({ Statsd, record }) {
      Statsd.configure({ interval: 20 });
      record();
      await settled(() => Statsd.stats().pending === 0);
    },
    ends: 0,
  },
  'flushes with fake timers': {
    async run({ record, flushed }) {
      jest.useFakeTimers();
      record();
      await flushed();
    },
    ends: 0,
  },
  'calls shutdown': {
    async run({ Statsd, record }) {
      record();
      await Statsd.shutdown();
    },
    ends: 0,
  },
  'calls shutdown with fake timers': {
    async run({ Statsd, record }) {
      jest.useFakeTimers();
      record();
      await Statsd.shutdown();
    },
    ends: 0,
  },
  'makes a mistake, and flushes': {
    async run({ Statsd, record, flushed }) {
      Statsd.timing('mistake', NaN);
      record();
      await flushed();
    },
    ends: 0,
    says: /mistake/,
  },
  'fails after a flush': {
    async run({ record, flushed, say }) {
      record();
      await flushed();
      say();
      throw new Error('on purpose');
    },
    ends: 1,
  },
  'calls process.exit after a flush': {
    async run({ record, flushed, say }) {
      record();
      await flushed();
      say();
      process.exit(3);
    },
    ends: 3,
  },
  'leaves samples behind after its last flush': {
    async run({ record, flushed }) {
      record();
      await flushed();
      record();
    },
    ends: 0,
    losesPending: true,
  },
};

module.exports = { TEST_ENDS };
