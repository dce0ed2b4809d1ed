// The demo as people run it (after set-up and build), and that it can fail.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openQueue } from '@afstatsd/mqueue';
import { expect } from 'chai';
import { compareLedger, compareMetrics } from '../examples/demo/dist/src/compare.js';
import { exitCode, report } from '../examples/demo/dist/src/report.js';
import {
  newTally,
  tallyCount,
  tallyGauge,
  tallyMember,
  tallyTimedCall,
  tallyTiming,
} from '../examples/demo/dist/src/tally.js';

const program = join(import.meta.dirname, '../examples/demo/dist/src/main.js');

/** Starts the demo; `env` is added to an environment without variables of ours. */
function start(args, env = {}) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AFSTATSD_'));
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const demo = { child, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (demo.stdout += chunk));
  child.stderr.on('data', (chunk) => (demo.stderr += chunk));
  demo.ended = new Promise((done) => child.on('close', (code, signal) => done(code ?? signal)));
  return demo;
}

async function until(what, condition) {
  for (const end = Date.now() + 30_000; !condition(); await delay(10)) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
  }
}

const queueOf = ({ stdout }) => /the message queue (\S+), to process (\d+)/.exec(stdout);
const lineOf = ({ stdout }, start) => stdout.split('\n').find((line) => line.startsWith(start));

function queueExists(name) {
  try {
    openQueue(name, { access: 'write' }).close();
    return true;
  } catch (error) {
    expect(error.code).to.equal('ENOENT');
    return false;
  }
}

describe('the demo', function () {
  this.timeout(90_000);

  it('compares what was called with what another program read, and leaves nothing behind', async () => {
    const demo = start(['--seconds', '2'], { AFSTATSD_PREFIX: 'not.this', AFSTATSD_DISABLED: '1' });
    expect(await demo.ended, demo.stdout + demo.stderr).to.equal(0);
    expect(demo.stderr).to.equal('');
    for (const metric of ['orders ', 'page_views ', 'revenue_cents ', 'cart_items ', 'checkouts_running ']) {
      expect(lineOf(demo, `shop.${metric}`)).to.match(/ ([\d,]+) +\1  equal$/);
    }
    expect(lineOf(demo, 'shop.customers')).to.match(/set, distinct +(\d+) +\1  equal$/);
    expect(lineOf(demo, 'shop.payment')).to.match(/timer, count +(\d+) +\1  equal$/);
    expect(demo.stdout).to.match(
      /shop\.checkout +timer, min\/mean\/max ms +(\S+ \/ \S+ \/ \S+) +\1  equal\n/,
    );
    expect(demo.stdout).to.match(/samples sent +([\d,]+) +\1  equal\n/);
    expect(demo.stdout).to.match(/\nAll \d+ are equal\.\n$/);
    const [, queue, reader] = queueOf(demo);
    expect(queueExists(queue)).to.be.false;
    expect(() => process.kill(Number(reader), 0)).to.throw(/ESRCH/);
  });

  for (const signal of ['SIGINT', 'SIGTERM']) {
    it(`ends early on ${signal}, with the comparison`, async () => {
      const demo = start(['--forever']);
      await until('something arrived', () => demo.stdout.includes('page_views'));
      demo.child.kill(signal);
      expect(await demo.ended, demo.stdout + demo.stderr).to.equal(0);
      expect(demo.stdout).to.match(/\nAll \d+ are equal\.\n$/);
      expect(queueExists(queueOf(demo)[1])).to.be.false;
    });
  }

  it('fails, and removes the queue, when the reader dies', async () => {
    const demo = start(['--forever']);
    await until('something arrived', () => demo.stdout.includes('page_views'));
    const [, queue, reader] = queueOf(demo);
    process.kill(Number(reader), 'SIGKILL');
    expect(await demo.ended).to.equal(1);
    expect(demo.stderr).to.include('the reader ended with SIGKILL');
    expect(queueExists(queue)).to.be.false;
  });

  it('has its queue removed by the reader when it is killed', async () => {
    const demo = start(['--forever']);
    await until('the queue is there', () => queueOf(demo) !== null);
    const [, queue] = queueOf(demo);
    demo.child.kill('SIGKILL');
    await until('the queue is gone', () => !queueExists(queue));
  });

  it('goes on in memory, and says so, where there is no message queue', async () => {
    const demo = start(['--seconds', '0.5'], { AFSTATSD_MQ_BINDING: 'none' });
    expect(await demo.ended, demo.stdout + demo.stderr).to.equal(0);
    expect(demo.stdout).to.match(/^There is no message queue to be had here: .*AFSTATSD_MQ_BINDING/);
    expect(demo.stdout).to.match(/\nAll \d+ are equal\.\n$/);
  });

  const refused = [
    ['--seconds', '0'],
    ['--seconds', 'soon'],
    ['--seconds', ''],
    ['--seconds', 'Infinity'],
    ['--seconds', '3', '--forever'],
    ['--minutes', '1'],
    ['3'],
  ];
  for (const args of refused) {
    it(`refuses ${JSON.stringify(args)} with exit code 2`, async () => {
      const demo = start(args);
      expect(await demo.ended).to.equal(2);
      expect(demo.stdout).to.equal('');
      expect(demo.stderr).to.include(args[0]).and.to.include('--seconds N');
    });
  }

  it('explains itself', async () => {
    const demo = start(['--help']);
    expect(await demo.ended).to.equal(0);
    expect(demo.stdout).to.include('--forever');
  });
});

describe("the demo's comparison", () => {
  function tally() {
    const made = newTally();
    tallyCount(made, 'orders', 3);
    tallyGauge(made, 'cart', 2);
    for (const ms of [5, 10, 7]) tallyTiming(made, 'checkout', ms);
    for (const customer of ['anna', 'ben']) tallyMember(made, 'customers', customer);
    return made;
  }
  const different = (rows) =>
    rows.filter(({ equal }) => !equal).map(({ metric, what }) => `${metric}: ${what}`);

  it('finds equal tallies equal', () => {
    const rows = compareMetrics(tally(), tally());
    expect(exitCode(rows), report(rows)).to.equal(0);
    expect(rows).to.have.length(5);
  });

  const losses = {
    'a counter that is short': [(made) => tallyCount(made, 'orders', -1), 'orders: counter, sum'],
    'a gauge that is old': [(made) => tallyGauge(made, 'cart', 1), 'cart: gauge, last'],
    'a timer with a call more': [
      (made) => tallyTimedCall(made, 'checkout'),
      'checkout: timer, count,checkout: timer, min/mean/max ms',
    ],
    'another member in a set of the same size': [
      (made) => made.sets.set('customers', new Set(['anna', 'bob'])),
      'customers: set, distinct',
    ],
    'a duration that is off by a microsecond': [
      (made) => (made.timers.get('checkout').durations.max += 1),
      'checkout: timer, min/mean/max ms',
    ],
    'a metric that is missing': [(made) => made.counters.clear(), 'orders: counter, sum'],
    'a metric that nobody recorded': [(made) => tallyGauge(made, 'stray', 0), 'stray: gauge, last'],
  };
  for (const [title, [spoil, expected]] of Object.entries(losses)) {
    it(`exits with 1 for ${title}`, () => {
      const arrived = tally();
      spoil(arrived);
      const rows = compareMetrics(tally(), arrived);
      expect(String(different(rows))).to.equal(expected);
      expect(exitCode(rows)).to.equal(1);
      expect(report(rows)).to.match(/DIFFERENT[^]*\d of \d are different/);
    });
  }

  it('exits with 1 when nothing was compared', () => expect(exitCode([])).to.equal(1));

  it('exits with 1 for a sample that was dropped, and for a message that was not read', () => {
    const dropped = { cardinality: 0, ended: 1, oversize: 0 };
    const transport = { messages: 2, bytes: 40 };
    const stats = { recorded: 9, sent: 8, pending: 0, dropped, rejected: 0, transport };
    const rows = compareLedger(9, stats, { messages: 1, bytes: 40, bad: 0 });
    expect(String(different(rows))).to.equal(
      'ledger: samples sent,ledger: pending, dropped, rejected,transport: messages',
    );
    expect(exitCode(rows)).to.equal(1);
  });
});
