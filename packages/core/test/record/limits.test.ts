import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { growingPrefix } from '../../src/record/growing-prefix.js';
import { FakeTime } from '../support/fake-time.js';
import { useSurroundedClients } from '../support/surrounded-clients.js';

describe('limits of metrics and of their samples', () => {
  const makeClient = useClients();
  const makeSurrounded = useSurroundedClients();

  it('past maxMetrics, new names are dropped and counted, and one warning names the prefix that grows', () => {
    const { statsd, log } = makeClient({ maxMetrics: 100 });
    for (let i = 0; i < 30; i++) statsd.increment(`shop.orders.${i}`);
    for (let i = 0; i < 120; i++) statsd.increment(`http.request.user-${i}.2xx`);
    statsd.timing('login', 1);
    statsd.gauge('size', 1);
    statsd.set('users', 1);
    statsd.gauge('callback', () => 1);
    statsd.increment('shop.orders.7');
    expect(statsd.stats()).to.deep.include({
      recorded: 154,
      metrics: 100,
      dropped: { cardinality: 53, ended: 0, oversize: 0 },
    });
    expect(log.warnings).to.have.length(1);
    expect(log.warnings[0]).to.contain('"http.request"').and.contain('maxMetrics');
  });

  it('a metric bound past maxMetrics drops, and records once there is room', async () => {
    const { statsd, sent } = makeClient({ maxMetrics: 1 });
    statsd.increment('first');
    const [counter, gauge, timer, set] = [
      statsd.createCounter('c'),
      statsd.createGauge('g'),
      statsd.createTimer('t'),
      statsd.createSet('s'),
    ];
    counter.increment();
    counter.decrement();
    gauge.set(1);
    timer.record(1);
    timer.start()();
    set.add('a');
    expect(statsd.stats().dropped.cardinality).to.equal(6);
    statsd.configure({ maxMetrics: 5 });
    counter.increment(3);
    counter.decrement();
    gauge.set(1);
    timer.record(1);
    set.add('a');
    expect((await sent()).join()).to.match(/^first:1\|c::c:2\|c::g:1\|g\|\d+::t:1\|ms::s:a\|s$/);
  });

  it('past maxSamples, new members of a set are dropped and counted until it was sent', async () => {
    const { statsd, sent } = makeClient({ maxSamples: 3 });
    for (const member of [1, 2, 3, 4, 3, 5]) statsd.set('s', member);
    expect(statsd.stats()).to.deep.include({
      recorded: 6,
      pending: 4,
      dropped: { cardinality: 2, ended: 0, oversize: 0 },
    });
    expect(await sent()).to.deep.equal(['s:1,2,3|s']);
    statsd.set('s', 4);
    expect(await sent()).to.deep.equal(['s:4|s']);
  });

  it('a metric that was idle for 200 s is let go, however often flushes come, and comes back when it is touched', async () => {
    const time = new FakeTime();
    const { statsd, memory } = makeSurrounded({ interval: 1_000, maxMetrics: 5000 }, time.surroundings);
    for (let i = 0; i < 2500; i++) statsd.increment(`hits.${i}`);
    const bound = statsd.createCounter('bound');
    const idle = statsd.createTimer('idle');
    statsd.updateStats('remainder', 0.25);
    await time.pass(199_000);
    expect(statsd.stats().metrics).to.equal(2503);
    // A part of all is looked at every 20 s.
    await time.pass(60_000);
    expect(statsd.stats().metrics).to.equal(3);
    memory.clear();
    bound.increment();
    idle.record(4);
    statsd.increment('hits.7');
    statsd.updateStats('remainder', 0.25);
    statsd.updateStats('remainder', 0.25);
    await statsd.flush();
    expect(memory.messages.join('::').split('::').sort()).to.deep.equal([
      'bound:1|c',
      'hits.7:1|c',
      'idle:4|ms',
      'remainder:1|c',
    ]);
  });

  it('a metric that is pending is not let go, however long nobody takes it', async () => {
    const time = new FakeTime();
    const { statsd, log } = makeSurrounded(
      { interval: 20_000, transport: 'mq:///afstatsd-test-nobody-makes-this?fallback=false' },
      time.surroundings,
    );
    statsd.increment('hits');
    await time.pass(600_000);
    expect(statsd.stats()).to.include({ metrics: 1, pending: 1 });
    expect(log.warnings).to.have.length(1);
  });
});

describe('the prefix that grows', () => {
  it('is the longest that more than half of the newest names begin with', () => {
    const ids = Array.from({ length: 900 }, (_, i) => `http.request.user-${i}.2xx`);
    expect(growingPrefix(['a.b', 'a.c', ...ids])).to.equal('http.request');
    expect(growingPrefix(['shop.a', 'shop.b', 'web.a'])).to.equal('shop');
  });

  it('is empty when names have nothing in common, or no segments', () => {
    expect(growingPrefix(['a.x', 'b.x', 'c.x'])).to.equal('');
    expect(growingPrefix(['a', 'b'])).to.equal('');
    expect(growingPrefix([])).to.equal('');
  });

  it('looks at the newest thousand only', () => {
    const old = Array.from({ length: 5000 }, (_, i) => `old.${i}`);
    const young = Array.from({ length: 1000 }, (_, i) => `young.${i}`);
    expect(growingPrefix([...old, ...young])).to.equal('young');
  });
});
