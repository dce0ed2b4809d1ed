import { expect } from 'chai';
import * as fc from 'fast-check';
import { Counter } from '../../src/metric/counter.js';
import { Gauge } from '../../src/metric/gauge.js';
import { identify } from '../../src/text/identity.js';
import type { Owner } from '../../src/metric/metric.js';
import { UniqueSet } from '../../src/metric/set.js';
import { Timer } from '../../src/metric/timer.js';
import type { MetricView } from '../../src/metric/view.js';
import { afFormat } from '../../src/wire/af.js';
import { type Decoded, decode } from '../../src/wire/decode.js';
import type { Naming } from '../../src/wire/format.js';
import { pack } from '../../src/wire/pack.js';
import { cleanMember, cleanName } from '../../src/text/name.js';

const owner: Owner = { maxSamples: 1024, now: Date.now, touched() {}, rejected() {}, overLimit() {} };
const unprefixed: Naming = { prefix: '', tags: [], origin: [], ascii: true };

/** Every message that a batch takes, as a channel with a delivery behind it would send them. */
function packAll(metrics: MetricView[], limit: number, naming = unprefixed): string[] {
  const messages: string[] = [];
  const left = [...metrics];
  while (left.length > 0) {
    const { text, bytes, taken, values } = pack(afFormat, { metrics: left, naming }, 0, limit);
    expect(Buffer.byteLength(text)).to.equal(bytes);
    expect(bytes).to.be.within(1, limit);
    messages.push(text);
    left.splice(0, taken);
    if (values > 0) {
      const sealed =
        (left[0] as Timer | UniqueSet).from === 0 ? (left[0] as Timer | UniqueSet).seal() : undefined;
      if (sealed !== undefined) left[0] = sealed;
      (left[0] as ReturnType<Timer['seal']>).advance(values);
    }
  }
  return messages;
}

const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).map(cleanName);
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const micros = fc.integer({ min: -1_000_000, max: 1_000_000_000 }).map((n) => n / 1000);

const counter = fc.tuple(name, fc.maxSafeInteger()).map(([name, value]) => {
  const metric = new Counter(identify(name, []), owner);
  metric.add(value);
  return { metric: metric, decoded: [{ type: 'counter', name, value, rate: 1 }] };
});
const gauge = fc.tuple(name, finite).map(([name, value]) => {
  const metric = new Gauge(identify(name, []), owner);
  metric.set(value);
  const timestamp = Math.floor(metric.time / 1000);
  return {
    metric: metric,
    decoded: [{ type: 'gauge', name, value: value === 0 ? 0 : value, timestamp }],
  };
});
const timer = fc.tuple(name, fc.array(micros, { minLength: 1, maxLength: 100 })).map(([name, values]) => {
  const metric = new Timer(identify(name, []), owner);
  for (const value of values) metric.record(value);
  const written = values.map((value) => (value === 0 ? 0 : value));
  return { metric: metric, decoded: [{ type: 'timer', name, values: written, rate: 1 }] };
});
const members = fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).map(cleanMember), {
  minLength: 1,
  maxLength: 50,
});
const set = fc.tuple(name, members).map(([name, members]) => {
  const metric = new UniqueSet(identify(name, []), owner);
  for (const member of members) metric.add(member);
  return { metric: metric, decoded: [{ type: 'set', name, members }] };
});
const anyMetric = fc.oneof(counter, gauge, timer, set) as fc.Arbitrary<{
  metric: MetricView;
  decoded: Decoded[];
}>;

/** Joins the parts of timers and sets that were sent in several messages. */
function joined(metrics: readonly Decoded[]): Decoded[] {
  const result: Decoded[] = [];
  for (const metric of metrics) {
    const last = result.at(-1);
    if (last?.type === 'timer' && metric.type === 'timer' && last.name === metric.name) {
      result[result.length - 1] = { ...last, values: [...last.values, ...metric.values] };
    } else if (last?.type === 'set' && metric.type === 'set' && last.name === metric.name) {
      result[result.length - 1] = { ...last, members: [...last.members, ...metric.members] };
    } else result.push(metric);
  }
  return result;
}

describe('pack, with the AppFirst format', () => {
  it('encodes so that decoding gives what was recorded, in messages of every size, whatever the names', () => {
    fc.assert(
      fc.property(
        fc.array(anyMetric, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 500, max: 3000 }),
        (items, limit) => {
          const messages = packAll(
            items.map(({ metric }) => metric),
            limit,
          );
          const read = messages.map((message) => decode(Buffer.from(message)));
          expect(read.flatMap(({ bad }) => bad)).to.deep.equal([]);
          expect(joined(read.flatMap(({ metrics }) => metrics))).to.deep.equal(
            joined(items.flatMap(({ decoded }) => decoded)),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('fills messages of 2048 bytes as the original client did: 300 counters leave as four', () => {
    const counters = Array.from({ length: 300 }, (_, i) => {
      const metric = new Counter(identify(`original.client.counter.${i}`, []), owner);
      metric.add(1);
      return metric;
    });
    const lengths = packAll(counters, 2048).map((message) => message.length);
    expect(lengths.slice(0, -1).every((length) => length > 2000)).to.equal(true);
    expect(lengths.reduce((a, b) => a + b)).to.be.closeTo(300 * 33, 400);
  });

  it('never cuts a value: a timer goes on in the next message, with its name and type', () => {
    const metric = new Timer(identify('t', []), owner);
    for (const ms of [1, 2, 3, 4, 5]) metric.record(ms);
    expect(packAll([metric], 11)).to.deep.equal(['t:1,2,3|ms', 't:4,5|ms']);
  });

  it('puts a prefix before every name, and counts its bytes', () => {
    const metric = new Counter(identify('hits', []), owner);
    metric.add(1);
    expect(packAll([metric], 100, { prefix: 'größe.', tags: [], origin: [], ascii: false })).to.deep.equal([
      'größe.hits:1|c',
    ]);
  });

  it('makes an empty message of a metric that can not fit', () => {
    const metric = new Counter(identify('a.long.name', []), owner);
    metric.add(1);
    expect(pack(afFormat, { metrics: [metric], naming: unprefixed }, 0, 10)).to.deep.equal({
      text: '',
      bytes: 0,
      taken: 0,
      values: 0,
    });
    const timer = new Timer(identify('a.long.name', []), owner);
    timer.record(1);
    expect(pack(afFormat, { metrics: [timer], naming: unprefixed }, 0, 15).bytes).to.equal(0);
    expect(pack(afFormat, { metrics: [timer], naming: unprefixed }, 0, 16).text).to.equal('a.long.name:1|ms');
  });
});
