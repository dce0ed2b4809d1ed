// Tests of apps in Jest: nothing of afstatsd is thrown into them, and nothing hangs, whatever the environment and fake timers replace.
import { LONG, TestQueue, UdpReceiver, useCleanup, useDirectories } from '@afstatsd/testing';
import { expect } from 'chai';
import { jestJsdom, needFromNpm } from './from-npm.mjs';
import { CORE, runJest } from './jest.mjs';

/** What jsdom makes of the globals, for an environment of Node.js: timers are numbers, and newer functions are missing. */
const BROWSER_GLOBALS = `
let timer = 0;
for (const name of ['setTimeout', 'setInterval']) globalThis[name] = () => ++timer;
globalThis.setImmediate = globalThis.clearImmediate = globalThis.performance = undefined;
for (const name of ['URL', 'AbortSignal']) globalThis[name] = class {};
`;
const SETTLED = `
const { setTimeout: sleep } = require('node:timers/promises');
const settled = async (statsd) => {
  for (let looks = 0; statsd.stats().pending > 0 && looks < 800; looks++) await sleep(5);
};`;

/** The tests of a file by name, and its text. Each of them has a client over UDP. */
const FILES = {
  'an app that makes mistakes': `${CORE}
    test('each is refused, and none is thrown', async () => {
      expect(() => Statsd.timing('t', NaN)).not.toThrow();
      expect(() => Statsd.increment('')).not.toThrow();
      expect(() => Statsd.increment('a', 1, ['k:v'])).not.toThrow();
      expect(Statsd.time('', () => 7)()).toBe(7);
      expect(Statsd.stats().rejected).toBe(3);
      await Statsd.flush();
    });
    test('so is a transport that has nobody', async () => {
      const statsd = new StatsdClient({ transport: 'mq:///afstatsd-test-absent?fallback=false' });
      statsd.increment('a');
      expect((await statsd.flush({ timeout: 500 })).pending).toBe(1);
    });
    test('a process.emitWarning that throws throws nothing into the app', () => {
      process.emitWarning = () => { throw new Error('on purpose'); };
      expect(() => new StatsdClient().timing('t', Infinity)).not.toThrow();
    });`,
  'an app with the globals of a browser, from before the import on': `${BROWSER_GLOBALS}${CORE}${SETTLED}
    test('the first sample is taken, and the interval runs', async () => {
      const statsd = new StatsdClient({ interval: 10 });
      statsd.increment('a');
      await settled(statsd);
      expect(statsd.stats()).toMatchObject({ recorded: 1, sent: 1, rejected: 0 });
    });`,
  'an app that replaces its globals later': `${CORE}${SETTLED}
    test('the interval runs', async () => {
      const statsd = new StatsdClient({ interval: 10 });
      statsd.increment('a');
      ${BROWSER_GLOBALS}
      await settled(statsd);
      statsd.increment('a');
      await settled(statsd);
      expect(statsd.stats()).toMatchObject({ recorded: 2, sent: 2 });
      await statsd.shutdown();
    });`,
  'an app with fake timers': `${CORE}
    beforeEach(() => jest.useFakeTimers({ now: 0 }));
    afterEach(() => jest.useRealTimers());
    test('flush settles', async () => {
      Statsd.increment('a');
      expect(await Statsd.flush()).toEqual({ sent: 1, pending: 0 });
    });
    test('shutdown settles', async () => {
      Statsd.increment('a');
      expect(await Statsd.shutdown()).toEqual({ sent: 1, pending: 0 });
    });
    test('the timeout of a flush that waits for room is real', async () => {
      const statsd = new StatsdClient({ transport: process.env.FULL_QUEUE });
      statsd.increment('a');
      expect(await statsd.flush({ timeout: 50 })).toEqual({ sent: 0, pending: 1 });
    });
    for (const [begin, end] of [['useRealTimers', 'useFakeTimers'], ['useFakeTimers', 'useRealTimers']]) {
      test('a duration from ' + begin + ' to ' + end + ' is what passed', async () => {
        const { MemoryTransport } = require('@afstatsd/core');
        const memory = new MemoryTransport();
        const statsd = new StatsdClient({ transport: memory });
        jest[begin]();
        const stop = statsd.createTimer('bound').start();
        const called = statsd.time('called', () => jest[end]({ now: 1e12 }));
        const awaited = statsd.time('awaited', async () => { await null; jest[end]({ now: 0 }); });
        called();
        await awaited();
        stop();
        await statsd.flush();
        const values = memory.metrics.map(({ values: [ms] }) => ms);
        expect(values).toHaveLength(3);
        for (const ms of values) expect(ms >= 0 && ms < 60_000).toBe(true);
      });
    }`,
  'an app whose last sample nobody takes': `${CORE}
    test('records', () => {
      jest.useFakeTimers();
      new StatsdClient({ transport: process.env.FULL_QUEUE, interval: 1 }).increment('a');
    });`,
};

describe('faults: tests of apps in Jest', () => {
  const directory = useDirectories();
  const later = useCleanup();

  async function expectNothing(testEnvironment) {
    const queue = new TestQueue();
    later(() => queue.remove());
    queue.fill();
    const receiver = await UdpReceiver.open();
    later(() => receiver.close());
    const { how, stdout, stderr } = await runJest(directory(), Object.values(FILES), {
      config: { testEnvironment, verbose: true },
      env: { AFSTATSD_URL: `udp://127.0.0.1:${receiver.port}`, FULL_QUEUE: queue.url },
    });
    expect(stderr.match(/^ +✕.*$/gm), stderr).to.equal(null);
    expect(stderr.match(/^Tests: .*$/m)?.[0], stderr).to.equal('Tests:       11 passed, 11 total');
    expect(how, stdout + stderr).to.equal(0);
  }

  it('have nothing thrown into them, see real time pass, and end', () => expectNothing('node'));

  describe('with jsdom', () => {
    if (!LONG) return;
    needFromNpm('jsdom for Jest', jestJsdom);
    it('do so, too', async () => expectNothing(await jestJsdom()));
  });
});
