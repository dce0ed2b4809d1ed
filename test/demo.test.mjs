// The demo as people run it (after set-up and build), and that it can fail.
import { join } from 'node:path';
import { openQueue } from '@afstatsd/mqueue';
import { LONG, itLong, until, usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';
import { compareLedgers, compareMetrics } from '../examples/shop/dist/src/demo/compare.js';
import { exitCode, report } from '../examples/shop/dist/src/demo/report.js';
import {
  newTally,
  tallyCount,
  tallyGauge,
  tallyMember,
  tallyTimedCall,
  tallyTiming,
} from '../examples/shop/dist/src/demo/tally.js';

const program = join(import.meta.dirname, '../examples/shop/dist/src/main.js');

const queueOf = ({ stdout }) => /the message queue (\S+), to the collector, process (\d+)/.exec(stdout);
const processOf = ({ stdout }, service) =>
  Number(new RegExp(`\\(${service}, process (\\d+)\\)`).exec(stdout)[1]);
/** A row of the collector's table: it was shown while the shop was open. */
const shown = ({ stdout }) => /^counter +orders\{service=storefront\} +\d+ /m.test(stdout);

function expectEqualRow({ stdout }, metric, what) {
  const pattern = new RegExp(`^${metric.replaceAll(/[.{}]/g, '\\$&')} +${what} +(\\S.*?) +\\1  equal$`, 'm');
  expect(stdout).to.match(pattern);
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    expect(error.code).to.equal('ESRCH');
    return false;
  }
}

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
  const programs = usePrograms();
  /** Starts the demo; `env` is added to an environment without variables of ours. */
  const start = (args, env = {}, options = {}) =>
    programs.node([program, ...args], {
      env: { AFSTATSD_URL: undefined, AFSTATSD_SERVICE: undefined, ...env },
      ...options,
    });

  it("shows the collector's table, compares what was recorded with what came out of it, and leaves nothing behind", async () => {
    const demo = start(['--seconds', '2'], {
      AFSTATSD_PREFIX: 'not.this',
      AFSTATSD_TAGS: 'nor:this',
      AFSTATSD_DISABLED: '1',
      AFSTATSD_COLLECTOR_JSON: '1',
    });
    expect(await demo.exit(), demo.stdout + demo.stderr).to.equal(0);
    expect(demo.stderr).to.match(/^(\S+Z afstatsd-collector: (?!warning|error).*\n)+$/);
    expect(demo.stdout).to.match(/^timer +checkout\{service=storefront\} +\d+ .* ms$/m);
    expect(demo.stdout).to.include("clients' samples 100.00 % complete");
    // What each way of recording gives: middleware, decorators, direct calls, the worker thread.
    for (const [metric, what] of [
      ['http.request{method=get,route=/,service=storefront,status=2xx}', 'timer, count'],
      ['http.request{method=get,route=/api/recommendations,service=storefront,status=5xx}', 'timer, count'],
      ['http.request{method=get,route=unmatched,service=storefront,status=4xx}', 'timer, count'],
      ['http.aborted{method=get,route=/api/reports/:year,service=storefront}', 'counter, sum'],
      ['website.pageviews{route=/articles/:sku,service=storefront}', 'counter, sum'],
      [
        'http.request{method=post,route=/stock/:sku/reservations,service=inventory,status=2xx}',
        'timer, count',
      ],
      ['checkout{service=storefront}', 'timer, count'],
      ['orders{service=storefront}', 'counter, sum'],
      ['stock.units{service=inventory}', 'gauge, last'],
      ['revenue_cents{service=storefront}', 'counter, sum'],
      ['customers{service=storefront}', 'set, distinct'],
      ['invoice_render{service=storefront}', 'timer, min/mean/max ms'],
      ['storefront', 'samples recorded and sent'],
      ["storefront's worker thread", 'samples recorded and sent'],
      ['inventory', 'samples recorded and sent'],
      ['collector', 'messages'],
    ]) {
      expectEqualRow(demo, metric, what);
    }
    expect(demo.stdout).not.to.include('health');
    expect(demo.stdout).to.match(/\nAll \d+ are equal\.\n$/);
    for (const service of ['Express', 'Fastify']) expect(isRunning(processOf(demo, service))).to.be.false;
    const [, queue, collector] = queueOf(demo);
    expect(queueExists(queue)).to.be.false;
    expect(isRunning(Number(collector))).to.be.false;
  });

  for (const signal of LONG ? ['SIGINT', 'SIGTERM'] : ['SIGTERM']) {
    it(`ends early on ${signal}, with the comparison`, async () => {
      const demo = start(['--forever']);
      await until('something arrived', () => shown(demo));
      demo.child.kill(signal);
      expect(await demo.exit(), demo.stdout + demo.stderr).to.equal(0);
      expect(demo.stdout).to.match(/\nAll \d+ are equal\.\n$/);
      expect(queueExists(queueOf(demo)[1])).to.be.false;
    });
  }

  for (const signal of LONG ? ['SIGINT', 'SIGTERM', 'SIGHUP'] : ['SIGINT']) {
    it(`ends in order when ${signal} reaches the collector, too, as Ctrl-C and timeout(1) do`, async () => {
      const demo = start(['--forever'], {}, { detached: true });
      await until('something arrived', () => shown(demo));
      process.kill(-Number(demo.child.pid), signal);
      // npm passes a signal on that the demo has had already.
      demo.child.kill(signal);
      expect(await demo.exit(), demo.stdout + demo.stderr).to.equal(0);
      expect(demo.stdout).to.match(/\nAll \d+ are equal\.\n$/);
      expect(queueExists(queueOf(demo)[1])).to.be.false;
    });
  }

  it('serves what it says: the shop, the inventory, and Prometheus', async () => {
    const demo = start(['--forever']);
    await until('something arrived', () => shown(demo));
    const read = async (what, path) => {
      const [, url] = new RegExp(`^  ${what} +(\\S+)`, 'm').exec(demo.stdout);
      return (await fetch(url + path)).text();
    };
    const storefront = await read('storefront', '/');
    const inventory = await read('inventory', '/stock');
    const prometheus = await read('Prometheus', '');
    expect(storefront).to.include('<title>Shop</title>');
    expect(inventory).to.match(/^\{"units":\d+\}$/);
    expect(prometheus).to.match(/^orders_total\{service="storefront"\} \d+$/m);
    demo.child.kill('SIGINT');
    // The requests aren't the visitors', and the first one is a page view, too.
    expect(await demo.exit()).to.equal(1);
    expect(demo.stdout).to.match(
      /http\.request\{method=get,route=\/,service=storefront,status=2xx\} .*DIFFERENT$/m,
    );
    expect(demo.stdout).to.match(/\n3 of \d+ are different/);
  });

  for (const [service, framework] of [['storefront', 'Express'], LONG && ['inventory', 'Fastify']].filter(
    Boolean,
  )) {
    it(`fails, and leaves nothing behind, when the ${service} dies`, async () => {
      const demo = start(['--forever']);
      await until('something arrived', () => shown(demo));
      process.kill(processOf(demo, framework), 'SIGKILL');
      expect(await demo.exit()).to.equal(1);
      expect(demo.stderr).to.include(`the ${service} ended with SIGKILL`);
      expect(queueExists(queueOf(demo)[1])).to.be.false;
    });
  }

  itLong('fails, and removes the queue, when the collector dies', async () => {
    const demo = start(['--forever']);
    await until('something arrived', () => shown(demo));
    const [, queue, collector] = queueOf(demo);
    process.kill(Number(collector), 'SIGKILL');
    expect(await demo.exit()).to.equal(1);
    expect(demo.stderr).to.include('the collector ended with SIGKILL');
    expect(queueExists(queue)).to.be.false;
  });

  it('has the services and the collector end, and the queue removed, when it is killed', async () => {
    const demo = start(['--forever']);
    await until('the shop is open', () => queueOf(demo) !== null);
    const [, queue] = queueOf(demo);
    demo.child.kill('SIGKILL');
    // Its stderr is that of the services, too, and closed when all have ended.
    expect(await demo.exit()).to.equal('SIGKILL');
    await until('the collector has removed the queue', () => !queueExists(queue));
  });

  itLong('goes on over UDP, and says so, where there is no message queue', async () => {
    const demo = start(['--seconds', '2'], { AFSTATSD_MQ_BINDING: 'none' });
    expect(await demo.exit(), demo.stdout + demo.stderr).to.equal(0);
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
      expect(await demo.exit()).to.equal(2);
      expect(demo.stdout).to.equal('');
      expect(demo.stderr).to.include(args[0]).and.to.include('--seconds N');
    });
  }

  it('explains itself', async () => {
    const demo = start(['--help']);
    expect(await demo.exit()).to.equal(0);
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
    tallyGauge(arrived, 'shop.afstatsd.client.pending', 7);
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
    const shop = { client: 'shop', stats };
    const inventory = { client: 'inventory', stats };
    function said({ messages = 4, badLines = 0, lost = 0, complete = 100 } = {}) {
      const made = newTally();
      tallyCount(made, 'afstatsd.collector.messages', messages);
      tallyCount(made, 'afstatsd.collector.bad_lines', badLines);
      tallyCount(made, 'afstatsd.collector.lost', lost);
      tallyGauge(made, 'afstatsd.collector.completeness_percent', complete);
      return { tally: made, bad: 0 };
    }

    it('finds them equal when everything arrived', () => {
      const rows = compareLedgers([shop, inventory], said());
      expect(exitCode(rows), report(rows)).to.equal(0);
    });

    const dropped = { ...stats, sent: 8, dropped: { ...stats.dropped, ended: 1 } };
    const differences = {
      'a sample that was dropped': [
        compareLedgers([shop, { ...inventory, stats: dropped }], said()),
        'inventory: samples recorded and sent,inventory: pending, dropped, rejected',
      ],
      'a message that was not read': [
        compareLedgers([shop, inventory], said({ messages: 3 })),
        'collector: messages',
      ],
      'a part that could not be read': [
        compareLedgers([shop, inventory], said({ badLines: 1 })),
        "collector: parts that can't be read",
      ],
      'a forwarded part that could not be read': [
        compareLedgers([shop, inventory], { ...said(), bad: 1 }),
        "collector: parts that can't be read",
      ],
      'a sample that an output lost': [
        compareLedgers([shop, inventory], said({ lost: 1 })),
        'collector: samples lost',
      ],
      'incomplete samples': [
        compareLedgers([shop, inventory], said({ complete: 99 })),
        "collector: clients' samples complete",
      ],
      'a collector that said nothing': [
        compareLedgers([shop, inventory], { tally: newTally(), bad: 0 }),
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
