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
import { decode } from '../../src/wire/decode.js';
import type { Decoded } from '../../src/wire/decoded.js';
import type { Naming } from '../../src/wire/format.js';
import { pack } from '../../src/wire/pack.js';
import { cleanMember, cleanName } from '../../src/text/name.js';
import { type Tag, type Tags, canonicalTags } from '../../src/text/tags.js';

const owner: Owner = {
  maxSamples: 1024,
  now: Date.now,
  trace: undefined,
  touched() {},
  rejected() {},
  overLimit() {},
  recordTagged() {},
};
const unprefixed: Naming = { prefix: '', tags: [], origin: [], ascii: true };

/** Every message that a batch takes, as a channel with a delivery behind it would send them. */
function packAll(metrics: MetricView[], limit: number, naming = unprefixed, format = afFormat()): string[] {
  const messages: string[] = [];
  const left = [...metrics];
  while (left.length > 0) {
    const { text, bytes, taken, values } = pack(format, { metrics: left, naming }, 0, limit);
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

/** Text made of all that separates something in a message. */
const hostile = fc.oneof(
  fc
    .array(
      fc.constantFrom('::', ':', '|', '|#', '#', ',', '\n', '\r', '\0', '@0.5', '|c', ':1|c', 'a', ' ', '='),
      {
        minLength: 1,
        maxLength: 8,
      },
    )
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
);
const noTags: fc.Arbitrary<readonly Tag[]> = fc.constant([]);
const someTags = fc
  .dictionary(hostile, fc.oneof(hostile, fc.constantFrom('', '::', 'card')), { minKeys: 1, maxKeys: 3 })
  .map(canonicalTags);
const tags = fc.oneof(noTags, someTags);

/** Tags as they are read back: a key can't hold what ends it, nor a value what ends a tag. */
function written(tags: readonly Tag[]): { tags?: Tag[] } {
  if (tags.length === 0) return {};
  const clean = ([key, value]: Tag): Tag => [key.replace(/[,|:]/g, '_'), value.replace(/[,|]/g, '_')];
  return { tags: tags.map(clean) };
}

const counter = fc.tuple(name, tags, fc.maxSafeInteger()).map(([name, tags, value]) => {
  const metric = new Counter(identify(name, tags), owner);
  metric.add(value);
  return { metric, decoded: [{ type: 'counter', name, ...written(tags), value, rate: 1 }] };
});
const gauge = fc.tuple(name, tags, finite).map(([name, tags, value]) => {
  const metric = new Gauge(identify(name, tags), owner);
  metric.set(value);
  const timestamp = Math.floor(metric.time / 1000);
  return {
    metric,
    decoded: [{ type: 'gauge', name, ...written(tags), value: value === 0 ? 0 : value, timestamp }],
  };
});
const timer = fc
  .tuple(name, tags, fc.array(micros, { minLength: 1, maxLength: 100 }))
  .map(([name, tags, values]) => {
    const metric = new Timer(identify(name, tags), owner);
    for (const value of values) metric.record(value);
    const decimals = values.map((value) => (value === 0 ? 0 : value));
    return { metric, decoded: [{ type: 'timer', name, ...written(tags), values: decimals, rate: 1 }] };
  });
const members = fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).map(cleanMember), {
  minLength: 1,
  maxLength: 50,
});
const set = fc.tuple(name, tags, members).map(([name, tags, members]) => {
  const metric = new UniqueSet(identify(name, tags), owner);
  for (const member of members) metric.add(member);
  // In a bundle a comma separates members.
  const spelled = tags.length > 0 ? members : members.map((member) => member.replaceAll(',', '_'));
  return { metric, decoded: [{ type: 'set', name, ...written(tags), members: spelled }] };
});
const anyMetric = fc.oneof(counter, gauge, timer, set) as fc.Arbitrary<{
  metric: MetricView;
  decoded: Decoded[];
}>;

/** Joins the parts of timers and sets that were sent in several messages, or lines. */
function joined(metrics: readonly Decoded[]): Decoded[] {
  const isSame = (a: Decoded, b: Decoded): boolean =>
    JSON.stringify([a.name, a.tags]) === JSON.stringify([b.name, b.tags]);
  const result: Decoded[] = [];
  for (const metric of metrics) {
    const last = result.at(-1);
    if (last?.type === 'timer' && metric.type === 'timer' && isSame(last, metric)) {
      result[result.length - 1] = { ...last, values: [...last.values, ...metric.values] };
    } else if (last?.type === 'set' && metric.type === 'set' && isSame(last, metric)) {
      result[result.length - 1] = { ...last, members: [...last.members, ...metric.members] };
    } else result.push(metric);
  }
  return result;
}

describe('pack, with the AppFirst format,', () => {
  it('encodes so that decoding gives what was recorded, in messages of every size, whatever the names and tags', () => {
    fc.assert(
      fc.property(
        fc.array(anyMetric, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 700, max: 3000 }),
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

  it('gives the bytes of the original for metrics without tags, whatever stands beside them', () => {
    fc.assert(
      fc.property(fc.array(anyMetric, { minLength: 1, maxLength: 20 }), (items) => {
        const metrics = items.map(({ metric }) => metric);
        const lines = packAll(metrics, 1_000_000).flatMap((message) => message.split('\n'));
        const untagged = metrics.filter((metric) => metric.tags.length === 0);
        const bundles = lines.filter((line) => !line.includes('|#')).flatMap((line) => line.split('::'));
        const folded = packAll(untagged, 1_000_000, unprefixed, afFormat({ tags: 'fold' }));
        expect(bundles.join('::')).to.equal(folded.join('::'));
      }),
    );
  });

  it('begins a line before a metric with tags and after it, and none else', () => {
    const make = (name: string, tags: Tags = {}): Counter => {
      const metric = new Counter(identify(name, canonicalTags(tags)), owner);
      metric.add(1);
      return metric;
    };
    const metrics = [
      make('a'),
      make('b'),
      make('c', { k: 'v' }),
      make('d', { k: 'a::b' }),
      make('e'),
      make('f'),
    ];
    expect(packAll(metrics, 2048)).to.deep.equal(['a:1|c::b:1|c\nc:1|c|#k:v\nd:1|c|#k:a::b\ne:1|c::f:1|c']);
    const naming: Naming = { prefix: '', tags: [['host', 'x']], origin: [['service', 's']], ascii: true };
    expect(packAll(metrics.slice(0, 3), 2048, naming)).to.deep.equal([
      'a:1|c|#host:x,service:s\nb:1|c|#host:x,service:s\nc:1|c|#k:v,host:x,service:s',
    ]);
  });

  it('goes on in the next message with a tagged timer or set, with all its tags', () => {
    const timer = new Timer(identify('t', [['k', 'v']]), owner);
    for (const ms of [1, 2, 3, 4, 5]) timer.record(ms);
    const set = new UniqueSet(identify('s', [['k', 'v']]), owner);
    for (const member of ['ann', 'bob', 'cid']) set.add(member);
    expect(packAll([timer, set], 29)).to.deep.equal([
      't:1:2:3:4:5|ms|#k:v',
      's:ann|s|#k:v\ns:bob|s|#k:v',
      's:cid|s|#k:v',
    ]);
    const other = new Timer(identify('t', [['k', 'v']]), owner);
    for (const ms of [1, 2, 3, 4, 5]) other.record(ms);
    expect(packAll([other], 16)).to.deep.equal(['t:1:2:3|ms|#k:v', 't:4:5|ms|#k:v']);
  });

  it('takes at most 1.6 times the bytes of folded names for metrics with two tags', () => {
    const metrics = Array.from({ length: 10_000 }, (_, i) => {
      const tags = canonicalTags({ region: 'eu', shard: i & 15 });
      const metric = new Counter(identify(`shop.orders.${i >> 4}`, tags), owner);
      metric.add(1);
      return metric;
    });
    const bytes = (tags: 'keep' | 'fold'): number =>
      Buffer.byteLength(packAll([...metrics], 2048, unprefixed, afFormat({ tags })).join(''));
    expect(bytes('keep') / bytes('fold')).to.be.within(1, 1.6);
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
    expect(pack(afFormat(), { metrics: [metric], naming: unprefixed }, 0, 10)).to.deep.equal({
      text: '',
      bytes: 0,
      taken: 0,
      values: 0,
    });
    const timer = new Timer(identify('a.long.name', []), owner);
    timer.record(1);
    expect(pack(afFormat(), { metrics: [timer], naming: unprefixed }, 0, 15).bytes).to.equal(0);
    expect(pack(afFormat(), { metrics: [timer], naming: unprefixed }, 0, 16).text).to.equal(
      'a.long.name:1|ms',
    );
  });
});
