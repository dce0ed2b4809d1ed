// Jest evaluates core, and what core requires, for each test file. What is left of a file that has ended is nothing: no timer, no
// socket and no native code hold it.
import { join } from 'node:path';
import { LONG, TestQueue, freePort, useCleanup, useDirectories, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { jestJsdom, needFromNpm } from './from-npm.mjs';
import { CORE, runJest } from './jest.mjs';

const FILES = LONG ? 40 : 12;
/** An environment of Jest with core in it takes 3,000,000 at least, with jsdom 4,500,000. */
const GROWTH_BYTES = 1_500_000;
/** V8 keeps the code of each environment for the report of a coverage run. */
const NO_COVERAGE = { NODE_V8_COVERAGE: '' };
const READ_MS = 10;
const REPORTER = join(import.meta.dirname, 'programs/heap-reporter.cjs');

/** What each file does, in place of nothing. */
const DOES = {
  'record, and end': `Statsd.increment('hits'); Statsd.timing('wait', 3);`,
  'record, and flush over UDP': `Statsd.increment('hits'); await Statsd.flush();`,
  'record, and flush to the queue': `
    Statsd.setTransport(new AFTransport({ queue: process.env.QUEUE }));
    Statsd.increment('hits');
    expect((await Statsd.flush()).sent).toBe(1);`,
  'record, and flush to a UNIX socket': `
    Statsd.setTransport(new UDSTransport({ path: process.env.UNIX_SOCKET }));
    Statsd.increment('hits');
    expect((await Statsd.flush()).sent).toBe(1);`,
  'have a gauge callback': `Statsd.gauge('level', () => 3); await Statsd.flush();`,
  'collect runtime metrics': `
    Statsd.collectRuntimeMetrics();
    await Statsd.flush();`,
  'wait for the interval': `
    Statsd.configure({ interval: 5 });
    Statsd.increment('hits');
    while (Statsd.stats().pending > 0) await new Promise((resolve) => setTimeout(resolve, 5));`,
  'shut down': `Statsd.increment('hits'); await Statsd.shutdown();`,
  'have clients of their own, of which one can never send': `
    new StatsdClient({ transport: 'mq:///afstatsd-test-absent?fallback=false' }).increment('hits');
    const statsd = new StatsdClient({ transport: 'null:' });
    statsd.increment('hits');
    await statsd.flush();`,
};
const SHORT = new Set([
  'record, and end',
  'record, and flush over UDP',
  'record, and flush to the queue',
  'have a gauge callback',
  'collect runtime metrics',
]);

const testFile = (does) => `${does === '' ? '' : CORE}\ntest('a test', async () => {${does}});\n`;

describe('faults: test files of Jest in one process', () => {
  const directory = useDirectories();
  const later = useCleanup();
  const receivers = useReceivers();

  async function ends(does, environment) {
    const config = { reporters: [REPORTER], testEnvironment: environment };
    const receiver = await receivers.udp();
    const queue = new TestQueue();
    const socket = receivers.unix();
    const reading = setInterval(() => [queue.readAll(), socket.readAll()], READ_MS);
    later(() => {
      clearInterval(reading);
      queue.remove();
    });
    const { how, stdout, stderr } = await runJest(directory(), Array(FILES).fill(testFile(does)), {
      config,
      node: ['--expose-gc'],
      env: {
        ...NO_COVERAGE,
        QUEUE: queue.name,
        UNIX_SOCKET: socket.path,
        AFSTATSD_URL: `udp://127.0.0.1:${receiver.port}`,
      },
    });
    expect(how, stderr).to.equal(0);
    const all = JSON.parse(stdout.trim().split('\n').at(-1));
    expect(all.map(({ passed }) => passed)).to.deep.equal(Array(FILES).fill(1));
    return all;
  }

  /**
   * From the first half of the files to the second, in bytes. The least of each half counts, because one environment more or less is
   * there at any time. If each file left its environment, the second half would have many more.
   */
  const growth = (all) => {
    const heap = all.map(({ heap }) => heap);
    return Math.min(...heap.slice(heap.length / 2)) - Math.min(...heap.slice(1, heap.length / 2));
  };

  /** To be called in a `describe`. */
  function comparesWithNone(environmentOf) {
    let without;
    for (const [name, does] of Object.entries(DOES)) {
      if (!LONG && !SHORT.has(name)) continue;
      it(`that ${name} leave a heap that grows as without afstatsd, and no descriptors`, async () => {
        const environment = await environmentOf();
        without ??= await ends('', environment);
        const all = await ends(does, environment);
        const heaps = all.map(({ heap }) => (heap / 1e6).toFixed(1)).join(' ');
        expect(growth(all), `${heaps} MB`).to.be.below(growth(without) + GROWTH_BYTES);
        // Those of a file or two are still open when it is looked.
        const descriptors = all.map((one) => one.descriptors);
        expect(descriptors.at(-1), `${descriptors}`).to.be.at.most(without.at(-1).descriptors + 4);
      });
    }
  }

  comparesWithNone(() => 'node');

  if (LONG) {
    describe('with jsdom', () => {
      needFromNpm('jsdom for Jest', jestJsdom);
      comparesWithNone(jestJsdom);
    });
  }

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
