import { inspect } from 'node:util';
import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { BoundCounter, BoundGauge, BoundSet, BoundTimer } from '../../src/index.js';

type Bound = BoundCounter | BoundGauge | BoundSet | BoundTimer;

describe('a bound metric', () => {
  const makeClient = useClients();

  it('shows nothing of what it knows, so that nobody prints the registry', () => {
    const { statsd } = makeClient({ tags: { secret: 'x' } });
    const { createCounter, createGauge, createTimer, createSet } = statsd;
    const bound: Bound[] = [createCounter('a'), createGauge('b'), createTimer('c'), createSet('d')];
    for (const metric of bound) {
      expect(Reflect.ownKeys(metric)).to.deep.equal([]);
      expect(JSON.stringify(metric)).to.equal('{}');
      expect(inspect(metric, { depth: Infinity })).to.match(/^\w+ \{\}$/);
    }
  });

  it('loses no sample when a program writes to it', async () => {
    const { statsd, memory } = makeClient();
    const counter = statsd.createCounter('a');
    const timer = statsd.createTimer('c');
    for (const name of ['calls', 'value', 'name', 'tags', 'key', 'owner', 'bound', 'released']) {
      counter.increment();
      timer.record(1);
      Reflect.set(counter, name, 0);
      Reflect.set(timer, name, 0);
    }
    expect(statsd.stats().pending).to.equal(16);
    await statsd.flush();
    expect(memory.messages.join('::')).to.equal('a:8|c::c:1,1,1,1,1,1,1,1|ms');
    expect(statsd.stats()).to.deep.include({ recorded: 16, sent: 16, pending: 0 });
  });
});
