// Callbacks of the decorators that misbehave: a decorated method does what it does without us, and its calls are counted exactly,
// where the callback has no say in the count.
import { Counted, Gauge, Timed } from '@afstatsd/decorators';
import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { MISBEHAVIOURS } from './misbehaviours.mjs';

const CALLS = 3;
const error = new Error('of the method');

/** What a decorated method does. */
const METHODS = {
  returns: { method: (n) => n },
  throws: {
    fails: true,
    method() {
      throw error;
    },
  },
  resolves: { method: async (n) => n },
  rejects: {
    fails: true,
    async method() {
      throw error;
    },
  },
};

/**
 * A decorator with one callback: what is recorded of the calls, of which each fails or none, where the callback throws. Where it
 * returns what can't be used, as much is refused, and counted as that. Without `records`, the callback is the value's: there is none.
 */
const DECORATORS = {
  '@Timed with tags': {
    decorate: (tags, statsd) => Timed('m', { tags, statsd }),
    records: ({ fails }) => ({ 'timer m': CALLS, ...(fails && { 'counter m.errors': CALLS }) }),
  },
  '@Counted with tags': {
    decorate: (tags, statsd) => Counted('m', { tags, statsd }),
    records: () => ({ 'counter m': CALLS }),
  },
  '@Counted with delta': { decorate: (delta, statsd) => Counted('m', { delta, statsd }) },
  '@Gauge with value': { decorate: (value, statsd) => Gauge('m', { value, statsd }) },
};

/** Legacy decorators are functions of a prototype, a key and a descriptor; so they can be used without a compiler. */
function decorated(decorator, method) {
  class Subject {}
  const descriptor = { value: method, configurable: true, enumerable: false, writable: true };
  Object.defineProperty(
    Subject.prototype,
    'method',
    decorator(Subject.prototype, 'method', descriptor) ?? descriptor,
  );
  return new Subject();
}

async function results(subject) {
  const all = [];
  for (let n = 0; n < CALLS; n++) {
    try {
      const result = subject.method(n);
      all.push(result instanceof Promise ? { promise: await result } : { result });
    } catch (thrown) {
      all.push({ thrown });
    }
  }
  return all;
}

describe('faults: callbacks of the decorators', () => {
  const newClient = useClients();

  for (const [name, { decorate, records }] of Object.entries(DECORATORS)) {
    for (const [misbehaviour, { throws = false, run }] of Object.entries(MISBEHAVIOURS)) {
      it(`${name} that ${misbehaviour} changes no result and no count`, async () => {
        for (const [way, { fails = false, method }] of Object.entries(METHODS)) {
          const recorded = newClient();
          const subject = decorated(decorate(run, recorded.statsd), method);
          expect(await results(subject), way).to.deep.equal(await results({ method }));
          const whole = records?.({ fails });
          expect(await recorded.counts(), way).to.deep.equal((throws && whole) || {});
          const { rejected } = recorded.statsd.stats();
          if (whole !== undefined) expect(rejected, way).to.equal(throws ? 0 : sumOf(whole));
          const { warnings } = recorded.log;
          const names = Object.keys(whole ?? { 'counter m': CALLS });
          expect(warnings.length, warnings.join('\n')).to.be.at.most(names.length);
        }
      });
    }
  }
});

const sumOf = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);
