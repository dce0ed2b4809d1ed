// Jest evaluates core, and what core requires, for each test file. What is left of a file that has ended is nothing: no timer, no
// socket and no native code hold it.
import { join } from 'node:path';
import { LONG, UdpReceiver, freePort, useCleanup, useDirectories } from '@afstatsd/testing';
import { expect } from 'chai';
import { jestJsdom, needFromNpm } from './from-npm.mjs';
import { CORE, runJest } from './jest.mjs';

const FILES = LONG ? 40 : 12;
/** An environment of Jest with core in it takes 3,000,000 at least, with jsdom 4,500,000. */
const GROWTH_BYTES = 1_500_000;
/** V8 keeps the code of each environment for the report of a coverage run. */
const NO_COVERAGE = { NODE_V8_COVERAGE: '' };
const REPORTER = join(import.meta.dirname, 'programs/heap-reporter.cjs');

/** What each file does, in place of nothing. */
const DOES = {
  'records, and ends': `Statsd.increment('hits'); Statsd.timing('wait', 3);`,
  'records, and flushes over UDP': `Statsd.increment('hits'); await Statsd.flush();`,
  'has a gauge callback': `Statsd.gauge('level', () => 3); await Statsd.flush();`,
  'waits for the interval': `
    Statsd.configure({ interval: 5 });
    Statsd.increment('hits');
    while (Statsd.stats().pending > 0) await new Promise((resolve) => setTimeout(resolve, 5));`,
  'shuts down': `Statsd.increment('hits'); await Statsd.shutdown();`,
  'has clients of its own, of which one can never send': `
    new StatsdClient({ transport: 'mq:///afstatsd-test-absent?fallback=false' }).increment('hits');
    const statsd = new StatsdClient({ transport: 'null:' });
    statsd.increment('hits');
    await statsd.flush();`,
};
const SHORT = new Set(['records, and ends', 'records, and flushes over UDP', 'has a gauge callback']);

const testFile = (does) => `${does === '' ? '' : CORE}\ntest('a test', async () => {${does}});\n`;

describe('faults: test files of Jest in one process', () => {
  const directory = useDirectories();
  const later = useCleanup();

  async function ends(does, environment) {
    const config = { reporters: [REPORTER], testEnvironment: environment };
    const receiver = await UdpReceiver.open();
    later(() => receiver.close());
    const { how, stdout, stderr } = await runJest(directory(), Array(FILES).fill(testFile(does)), {
      config,
      node: ['--expose-gc'],
      env: { ...NO_COVERAGE, AFSTATSD_URL: `udp://127.0.0.1:${receiver.port}` },
    });
    expect(how, stderr).to.equal(0);
    const all = JSON.parse(stdout.trim().split('\n').at(-1));
    expect(all.map(({ passed }) => passed)).to.deep.equal(Array(FILES).fill(1));
    return all;
  }

  /** From the first files to the last, in bytes. One environment more or less is there at any time. */
  const growth = (all) => {
    const heap = all.map(({ heap }) => heap);
    return Math.min(...heap.slice(-5)) - Math.min(...heap.slice(1, 6));
  };

  async function compare(environment) {
    const without = await ends('', environment);
    for (const [name, does] of Object.entries(DOES)) {
      if (!LONG && !SHORT.has(name)) continue;
      const all = await ends(does, environment);
      const heaps = all.map(({ heap }) => (heap / 1e6).toFixed(1)).join(' ');
      expect(growth(all), `${name}: ${heaps} MB`).to.be.below(growth(without) + GROWTH_BYTES);
      // Those of a file or two are still open when it is looked.
      const sockets = all.map((one) => one.sockets);
      expect(sockets.at(-1), `${name}: ${sockets} sockets`).to.be.at.most(without.at(-1).sockets + 4);
    }
  }

  it('leave a heap that grows as without afstatsd, and no sockets', () => compare('node'));

  describe('with jsdom', () => {
    if (!LONG) return;
    needFromNpm('jsdom for Jest', jestJsdom);
    it('do so, too', async () => compare(await jestJsdom()));
  });

  it('fail no run with what comes after the end of a file', async () => {
    const files = [
      testFile(`Statsd.increment('hits');`),
      testFile(`Statsd.gauge('level', () => 1);`),
      // Long enough for the flushes of those before.
      `test('a test', () => new Promise((resolve) => setTimeout(resolve, 1_500)));`,
    ];
    const nobody = `mq:///afstatsd-test-absent?fallback=udp://127.0.0.1:${await freePort()}`;
    const { how, stderr } = await runJest(directory(), files, { env: { AFSTATSD_URL: nobody } });
    expect(stderr).not.to.match(/torn down|StatsdWarning/);
    expect(how, stderr).to.equal(0);
  });
});
