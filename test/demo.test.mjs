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
function start(args, env = {}, options = {}) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AFSTATSD_'));
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
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

const queueOf = ({ stdout }) => /the message queue (\S+), to the collector, process (\d+)/.exec(stdout);
/** A row of the collector's table: it was shown while the shop was open. */
const shown = ({ stdout }) => /^counter shop\.page_views +\d+$/m.test(stdout);
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

  it("shows the collector's table, compares what was called with what came out of it, and leaves nothing behind", async () => {
    const demo = start(['--seconds', '2'], {
      AFSTATSD_PREFIX: 'not.this',
      AFSTATSD_TAGS: 'nor:this',
      AFSTATSD_DISABLED: '1',
      AFSTATSD_COLLECTOR_JSON: '1',
    });
    expect(await demo.ended, demo.stdout + demo.stderr).to.equal(0);
    expect(demo.stderr).to.match(/^(afstatsd-collector: (?!warning|error).*\n)+$/);
    expect(demo.stdout).to.match(/^timer {3}shop\.checkout +\d+ × min \S+ +mean \S+ /m);
    expect(demo.stdout).to.include("clients' samples 100.00 % complete");
    for (const metric of ['orders ', 'page_views ', 'revenue_cents ', 'cart_items ', 'checkouts_running ']) {
      expect(lineOf(demo, `shop.${metric}`)).to.match(/ ([\d,]+) +\1  equal$/);
    }
    expect(lineOf(demo, 'shop.customers')).to.match(/set, distinct +(\d+) +\1  equal$/);
    expect(lineOf(demo, 'shop.payment')).to.match(/timer, count +(\d+) +\1  equal$/);
    expect(demo.stdout).to.match(
      /shop\.checkout +timer, min\/mean\/max ms +(\S+ \/ \S+ \/ \S+) +\1  equal\n/,
    );
    expect(demo.stdout).to.match(/samples recorded and sent +([\d,]+) +\1  equal\n/);
    expect(demo.stdout).to.match(/collector +messages +(\d+) +\1  equal\n/);
    expect(demo.stdout).to.match(/\nAll \d+ are equal\.\n$/);
    const [, queue, collector] = queueOf(demo);
    expect(queueExists(queue)).to.be.false;
    expect(() => process.kill(Number(collector), 0)).to.throw(/ESRCH/);
  });

  for (const signal of ['SIGINT', 'SIGTERM']) {
    it(`ends early on ${signal}, with the comparison`, async () => {
      const demo = start(['--forever']);
      await until('something arrived', () => shown(demo));
      demo.child.kill(signal);
      expect(await demo.ended, demo.stdout + demo.stderr).to.equal(0);
      expect(demo.stdout).to.match(/\nAll \d+ are equal\.\n$/);
      expect(queueExists(queueOf(demo)[1])).to.be.false;
    });
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    it(`ends in order when ${signal} reaches the collector, too, as Ctrl-C and timeout(1) do`, async () => {
      const demo = start(['--forever'], {}, { detached: true });
      await until('something arrived', () => shown(demo));
      process.kill(-Number(demo.child.pid), signal);
      // npm passes a signal on that the demo has had already.
      demo.child.kill(signal);
      expect(await demo.ended, demo.stdout + demo.stderr).to.equal(0);
      expect(demo.stdout).to.match(/\nAll \d+ are equal\.\n$/);
      expect(queueExists(queueOf(demo)[1])).to.be.false;
    });
  }

  it('fails, and removes the queue, when the collector dies', async () => {
    const demo = start(['--forever']);
    await until('something arrived', () => shown(demo));
    const [, queue, collector] = queueOf(demo);
    process.kill(Number(collector), 'SIGKILL');
    expect(await demo.ended).to.equal(1);
    expect(demo.stderr).to.include('the collector ended with SIGKILL');
    expect(queueExists(queue)).to.be.false;
  });

  it('has the collector end, and remove the queue, when it is killed', async () => {
    const demo = start(['--forever']);
    await until('the shop is open', () => queueOf(demo) !== null);
    const [, queue] = queueOf(demo);
    demo.child.kill('SIGKILL');
    // Its stdout is the collector's, too, and closed when both have ended.
    expect(await demo.ended).to.equal('SIGKILL');
    expect(queueExists(queue)).to.be.false;
  });

  it('goes on over UDP, and says so, where there is no message queue', async () => {
    const demo = start(['--seconds', '2'], { AFSTATSD_MQ_BINDING: 'none' });
    expect(await demo.ended, demo.stdout + demo.stderr).to.equal(0);
    expect(demo.stdout).to.match(/^There is no message queue to be had here: .*AFSTATSD_MQ_BINDING/);
    expect(demo.stdout).to.match(/go to UDP 127\.0\.0\.1:\d+, to the collector/);
    expect(demo.stdout).to.match(/\nAll \d+ are equal\.\n$/);
    expect(shown(demo)).to.be.true;
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

  it("takes no account of the client's and the collector's own metrics", () => {
    const arrived = tally();
    tallyCount(arrived, 'afstatsd.collector.messages', 7);
    tallyGauge(arrived, 'afstatsd.client.pending', 7);
    expect(exitCode(compareMetrics(tally(), arrived))).to.equal(0);
  });

  describe('of what client and collector say of themselves', () => {
    const stats = {
      recorded: 9,
      sent: 9,
      pending: 0,
      dropped: { cardinality: 0, ended: 0, oversize: 0 },
      rejected: 0,
      transport: { messages: 2 },
    };
    function said({ messages = 2, badLines = 0, lost = 0, complete = 100 } = {}) {
      const made = newTally();
      tallyCount(made, 'afstatsd.collector.messages', messages);
      tallyCount(made, 'afstatsd.collector.bad_lines', badLines);
      tallyCount(made, 'afstatsd.collector.lost', lost);
      tallyGauge(made, 'afstatsd.collector.completeness_percent', complete);
      return { tally: made, bad: 0 };
    }

    it('finds them equal when everything arrived', () => {
      const rows = compareLedger(stats, said());
      expect(exitCode(rows), report(rows)).to.equal(0);
    });

    const dropped = { ...stats, sent: 8, dropped: { ...stats.dropped, ended: 1 } };
    const differences = {
      'a sample that was dropped': [
        compareLedger(dropped, said()),
        'client: samples recorded and sent,client: pending, dropped, rejected',
      ],
      'a message that was not read': [compareLedger(stats, said({ messages: 1 })), 'collector: messages'],
      'a part that could not be read': [
        compareLedger(stats, said({ badLines: 1 })),
        "collector: parts that can't be read",
      ],
      'a forwarded part that could not be read': [
        compareLedger(stats, { ...said(), bad: 1 }),
        "collector: parts that can't be read",
      ],
      'a sample that an output lost': [compareLedger(stats, said({ lost: 1 })), 'collector: samples lost'],
      'incomplete samples': [
        compareLedger(stats, said({ complete: 99 })),
        "collector: clients' samples complete",
      ],
      'a collector that said nothing': [
        compareLedger(stats, { tally: newTally(), bad: 0 }),
        "collector: messages,collector: parts that can't be read,collector: samples lost,collector: clients' samples complete",
      ],
    };
    for (const [title, [rows, expected]] of Object.entries(differences)) {
      it(`exits with 1 for ${title}`, () => {
        expect(String(different(rows))).to.equal(expected);
        expect(exitCode(rows)).to.equal(1);
      });
    }
  });
});
