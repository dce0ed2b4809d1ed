import { decodeLines } from '@afstatsd/core';
import { expect } from 'chai';
import { type LiveSeries, STEP_MS } from '../../src/live/live-series.js';
import { History } from '../../src/live/history.js';
import { hashOf } from '../../src/live/member-counts.js';

/** A history whose clock the test moves. */
class Driven {
  ms = 0;
  readonly history: History;

  constructor({ maxMetrics = 100, points = 12 } = {}) {
    this.history = new History({ maxMetrics, points, now: () => this.ms });
  }

  take(...lines: string[]): void {
    for (const metric of decodeLines(lines.join('\n')).metrics) this.history.ingest(metric);
  }

  /** Ends so many steps. */
  steps(count = 1): number {
    this.ms += count * STEP_MS;
    return this.history.advance();
  }

  find(name: string, ...of: string[]): LiveSeries {
    for (const series of this.history.all()) {
      const { identity } = series;
      if (identity.name !== name) continue;
      if (JSON.stringify(identity.of ?? identity.tags.flat()) === JSON.stringify(of)) return series;
    }
    throw new Error(`there is no ${name} ${of.join()}`);
  }

  now(name: string, ...of: string[]): number[] {
    return this.find(name, ...of).now(this.history.step, this.history.done);
  }

  at(step: number, name: string, ...of: string[]): number[] {
    return this.find(name, ...of).at(step);
  }
}

describe('the history of the page', () => {
  it('has the rate of a counter for each step, 0 without samples, and nothing before it began', () => {
    const live = new Driven();
    live.steps();
    live.take('orders:10|c', 'orders:5|c|@0.5');
    live.steps();
    live.steps();
    expect([0, 1, 2].map((step) => live.at(step, 'orders')[0])).to.deep.equal([NaN, 4, 0]);
  });

  it('shows the rate of the last 5 s, which moves within a step', () => {
    const live = new Driven();
    live.take('orders:10|c');
    live.ms += 2_000;
    expect(live.now('orders')).to.deep.equal([5]);
    live.ms = 0;
    live.steps();
    expect(live.now('orders')).to.deep.equal([2]);
    live.ms += 2_500;
    expect(live.now('orders')).to.deep.equal([1]);
    live.take('orders:10|c');
    expect(live.now('orders')).to.deep.equal([3]);
  });

  it('has the last value of a gauge, and none once its sender has stopped repeating it', () => {
    const live = new Driven({ points: 120 });
    live.take('cart:7|g');
    live.history.ingest({ type: 'gauge', name: 'repeated', value: 3, every: 60 });
    live.steps(2);
    live.take('cart:9|g');
    expect(live.now('cart')).to.deep.equal([9]);
    live.steps();
    expect([0, 1, 2].map((step) => live.at(step, 'cart')[0])).to.deep.equal([7, 7, 9]);
    expect(live.now('repeated')).to.deep.equal([3]);
    live.steps(61);
    expect(live.now('repeated')).to.deep.equal([NaN]);
    expect(live.now('cart')).to.deep.equal([9]);
  });

  it('has the values of a gauge to seven digits of what they differ, also of one that is a time or goes by tenths', () => {
    const live = new Driven();
    const times = [1_795_354_531, 1_795_354_536, 1_795_354_546, 0];
    const tenths = [0.1, 0.3, -1.7, 12.5];
    for (const [at, time] of times.entries()) {
      live.take(`last_success:${time}|g`, 'tenths:0|g', `tenths:${tenths[at]}|g`);
      live.steps();
    }
    expect(times.map((_, step) => live.at(step, 'last_success')[0])).to.deep.equal(times);
    expect(tenths.map((_, step) => live.at(step, 'tenths')[0])).to.deep.equal(tenths);
  });

  it('has count and percentiles of a timer for each step, and percentiles of the last minute', () => {
    const live = new Driven();
    for (let value = 1; value <= 100; value++) live.take(`login:${value}|ms`);
    live.steps();
    const [rate, p50, p95, p99] = live.at(0, 'login');
    expect(rate).to.equal(20);
    expect(p50).to.be.closeTo(50, 0.6);
    expect(p95).to.be.closeTo(95, 1.1);
    expect(p99).to.be.closeTo(99, 1.1);
    live.steps();
    expect(live.at(1, 'login')).to.deep.equal([0, NaN, NaN, NaN]);
    expect(live.now('login')[1]).to.be.closeTo(50, 0.6);
  });

  it('counts distinct members of a set in each step', () => {
    const live = new Driven();
    live.take('users:ann|s', 'users:bob|s', 'users:ann|s');
    live.steps();
    live.take('users:cid|s');
    expect(live.at(0, 'users')).to.deep.equal([2]);
    expect(live.now('users')).to.deep.equal([2]);
    live.steps();
    expect(live.at(1, 'users')).to.deep.equal([1]);
  });

  it('tells members apart by a number', () => {
    const hashes = new Set(Array.from({ length: 200_000 }, (_, at) => hashOf(`user-${at}`)));
    expect(hashes.size).to.equal(200_000);
    for (const hash of hashes) expect(Number.isSafeInteger(hash)).to.equal(true);
  });

  it('has totals of timers and sets, of a tag and of all, from the second series on, with the first one in them', () => {
    const live = new Driven();
    live.take('req:10|ms|#route:a,status:2xx', 'users:ann|s|#shop:1');
    live.steps();
    live.take(
      'req:10|ms|#route:a,status:2xx',
      'req:1000|ms|#route:a,status:5xx',
      'req:100|ms|#route:b,status:2xx',
    );
    live.take('users:ann|s|#shop:1', 'users:ann|s|#shop:2', 'users:bob|s|#shop:2');
    live.steps();
    expect(live.at(1, 'req')[0]).to.equal(3 / 5);
    expect(live.at(0, 'req')[0]).to.equal(1 / 5);
    expect(live.at(1, 'req', 'route', 'a')[3]).to.be.closeTo(1000, 11);
    expect(live.at(1, 'req', 'route', 'a')[1]).to.be.closeTo(10, 0.2);
    expect(live.at(1, 'req', 'status', '2xx')[0]).to.equal(2 / 5);
    expect(() => live.find('req', 'route', 'b')).to.throw('there is no');
    expect(live.at(1, 'users')).to.deep.equal([2]);
  });

  it('is one series whatever the order of tags, and another one for another kind', () => {
    const live = new Driven();
    live.take('a:1|c|#x:1,y:2', 'a:1|c|#y:2,x:1', 'a:1|ms|#x:1,y:2', 'a:5|h|#x:1,y:2');
    expect(live.history.kindsOf('a')).to.deep.equal(['timer', 'histogram', 'counter']);
    expect(live.history.size).to.equal(3);
  });

  it('has so many places, of which timers take two, and counts what finds none', () => {
    const live = new Driven({ maxMetrics: 3 });
    live.take('a:1|c', 't:1|ms', 'b:1|c', 'b:1|c', 'a:1|c');
    expect(live.history).to.include({ held: 3, size: 2, samples: 5, leftOut: 2 });
  });

  it('lets go of series that had no sample for as long as steps are kept, and has their places free', () => {
    const live = new Driven({ maxMetrics: 8, points: 12 });
    live.take('req:1|ms|#r:a', 'req:1|ms|#r:b', 'a:1|c');
    expect(live.history.held).to.equal(7);
    const { added } = live.history.takeChanges();
    expect(added).to.have.length(4);
    live.steps(12);
    live.take('a:1|c');
    live.steps();
    expect(live.history).to.include({ held: 1, size: 1 });
    expect(live.history.takeChanges().gone).to.have.length(3);
    expect(live.history.kindsOf('req')).to.deep.equal([]);
    live.take('req:1|ms|#r:a', 'req:1|ms|#r:b');
    expect(live.history.held).to.equal(7);
  });

  it('has one total, also after all series but one have gone and others have come', () => {
    const live = new Driven({ points: 12 });
    live.take('req:1|ms|#r:a', 'req:1|ms|#r:b');
    live.steps(8);
    live.take('req:1|ms|#r:a');
    live.steps(8);
    live.take('req:1|ms|#r:a');
    expect(live.history.held).to.equal(4);
    live.take('req:1|ms|#r:c');
    live.steps();
    expect(live.history.held).to.equal(6);
    expect(live.at(16, 'req')[0]).to.equal(2 / 5);
  });

  it('goes on after a pause that is longer than what is kept', () => {
    const live = new Driven({ points: 12 });
    live.take('orders:5|c');
    live.steps(10_000);
    expect(live.history.step).to.equal(10_000);
    live.take('orders:5|c');
    live.steps();
    expect(live.at(10_000, 'orders')).to.deep.equal([1]);
  });

  it('takes nothing that is no number, and no name that is no name', () => {
    const live = new Driven();
    live.history.ingest({ type: 'counter', name: 'a', value: 1, rate: 0 });
    live.history.ingest({ type: 'gauge', name: 'a', value: NaN });
    live.history.ingest({ type: 'timer', name: 'a', values: [Infinity], rate: 1 });
    live.history.ingest({ type: 'timer', name: 'a', values: [1], rate: 0 });
    live.history.ingest({ type: 'counter', name: 'x'.repeat(5_000), value: 1, rate: 1 });
    expect(live.history).to.include({ size: 0, held: 0 });
  });

  it('stays within its memory while names never end', function () {
    const live = new Driven({ maxMetrics: 200, points: 240 });
    for (let round = 0; round < 50; round++) {
      for (let at = 0; at < 200; at++) live.take(`timer-${round}-${at}:${at}|ms|#user:${at}`);
      live.steps(241);
      expect(live.history.held).to.be.at.most(200);
    }
    expect(live.history.size).to.equal(0);
  });
});
