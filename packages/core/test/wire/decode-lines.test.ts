import { expect } from 'chai';
import * as fc from 'fast-check';
import { type Decoded, decode, decodeLines } from '../../src/index.js';

const counter = (name: string, value: number, rate = 1): Decoded => ({ type: 'counter', name, value, rate });

describe('decodeLines', () => {
  const set = (name: string, member: string): Decoded => ({ type: 'set', name, members: [member] });

  const tagged = (name: string, ...tags: [string, string][]): Decoded => ({
    type: 'counter',
    name,
    tags,
    value: 1,
    rate: 1,
  });

  const readable: Record<string, readonly [text: string, metrics: readonly object[]]> = {
    'several lines': ['a:1|c\nb:2|c', [counter('a', 1), counter('b', 2)]],
    'a line break at the end': ['a:1|c\n', [counter('a', 1)]],
    'Windows line breaks': ['a:1|c\r\nb:2|c\r\n', [counter('a', 1), counter('b', 2)]],
    'a NUL at the end': ['a:1|c\0', [counter('a', 1)]],
    'packed counters, which add up': ['a:1:2:-0.5|c', [counter('a', 2.5)]],
    'packed timings, with rate and tags': [
      't:10:5.5:7|ms|@0.5|#k:v,flag',
      [
        {
          type: 'timer',
          name: 't',
          tags: [
            ['k', 'v'],
            ['flag', ''],
          ],
          values: [10, 5.5, 7],
          rate: 0.5,
        },
      ],
    ],
    'tags before the rate': [
      'c:1|c|#k:v|@0.5',
      [{ type: 'counter', name: 'c', tags: [['k', 'v']], value: 1, rate: 0.5 }],
    ],
    'packed gauges, of which the last counts': ['g:1:2|g', [{ type: 'gauge', name: 'g', value: 2 }]],
    'gauges with a sign': [
      'g:+5|g\ng:-5|g\ng:5|g',
      [
        { type: 'gauge', name: 'g', value: 5, signed: true },
        { type: 'gauge', name: 'g', value: -5, signed: true },
        { type: 'gauge', name: 'g', value: 5 },
      ],
    ],
    'a negative gauge of the AppFirst format, which is absolute': [
      'g:-5|g|1795354531',
      [{ type: 'gauge', name: 'g', value: -5, timestamp: 1795354531 }],
    ],
    histograms: ['t:1:2|h', [{ type: 'timer', as: 'histogram', name: 't', values: [1, 2], rate: 1 }]],
    distributions: [
      't:1|d|@0.25',
      [{ type: 'timer', as: 'distribution', name: 't', values: [1], rate: 0.25 }],
    ],
    sets: ['s:alice|s|#k:v', [{ type: 'set', name: 's', tags: [['k', 'v']], members: ['alice'] }]],
    'a container id': ['a:1|c|c:83c0a99c0a54', [counter('a', 1)]],
    'a container id, external data and cardinality after tags': [
      'a:1|c|#k:v|c:ci-1,in-2|e:it-false,cn-x,pu-y|card:low',
      [{ type: 'counter', name: 'a', tags: [['k', 'v']], value: 1, rate: 1 }],
    ],
    'a timestamp': [
      'a:1|c|T1656581400\ng:1|g|#k:v|T1656581400',
      [counter('a', 1), { type: 'gauge', name: 'g', tags: [['k', 'v']], value: 1, timestamp: 1656581400 }],
    ],
    'colons in tag values': [
      'a:1|c|#url:http://x:80/y,ip:::1',
      [
        {
          type: 'counter',
          name: 'a',
          tags: [
            ['url', 'http://x:80/y'],
            ['ip', '::1'],
          ],
          value: 1,
          rate: 1,
        },
      ],
    ],
    'a bundle whose last metric has tags with its separator': [
      'a:1|c::b:2|c|#ip:::1,x:a::b',
      [
        counter('a', 1),
        {
          type: 'counter',
          name: 'b',
          tags: [
            ['ip', '::1'],
            ['x', 'a::b'],
          ],
          value: 2,
          rate: 1,
        },
      ],
    ],
    'a bundle on each line': [
      'a:1|c::b:2|c\nc:3|c::d:4|c',
      [counter('a', 1), counter('b', 2), counter('c', 3), counter('d', 4)],
    ],
    'a name with double colons': ['Foo::Bar.run:1|c', [counter('Foo::Bar.run', 1)]],
    'a colon in a name that is one of three': ['a:::1|s', [set('a', '::1')]],
    'members of a set as they stand': [
      'visitors:Doe, Jane|s\nips:2001:db8::1|s\nips:::1|s|#k:v',
      [
        set('visitors', 'Doe, Jane'),
        set('ips', '2001:db8::1'),
        { type: 'set', name: 'ips', tags: [['k', 'v']], members: ['::1'] },
      ],
    ],
    'several samples of one name, as etsy packs them': [
      'n:1|c:2|c:3|c|@0.5:10|ms:4|c|@0.1',
      [
        counter('n', 1),
        counter('n', 2),
        counter('n', 3, 0.5),
        { type: 'timer', name: 'n', values: [10], rate: 1 },
        counter('n', 4, 0.1),
      ],
    ],
    'packed members, with colons of their own': [
      'ips:2001:db8::1|s:::1|s:10.0.0.1|s',
      [set('ips', '2001:db8::1'), set('ips', '::1'), set('ips', '10.0.0.1')],
    ],
    'packed samples whose tags hold for all': [
      'n:1|c:2|c|#k:v',
      [1, 2].map((value) => ({ type: 'counter', name: 'n', tags: [['k', 'v']], value, rate: 1 })),
    ],
    'fields in any order, and those that nobody knows': [
      'a:1|c|zz9|#k:v|Tsoon|@0.5|9::9|c:ci-1\nb:1|c||nonsense',
      [{ type: 'counter', name: 'a', tags: [['k', 'v']], value: 1, rate: 0.5 }, counter('b', 1)],
    ],
    'blank lines': ['\n\na:1|c\n \n\r\n\t\nb:2|c\n\n', [counter('a', 1), counter('b', 2)]],
    'an AppFirst bundle, if the line can be nothing else': [
      'c1:2|c::c2:-4|c::g1:-8|g|1795354531::t:5|ms|@0.5::s:ann|s::s:bob|s',
      [
        counter('c1', 2),
        counter('c2', -4),
        { type: 'gauge', name: 'g1', value: -8, timestamp: 1795354531 },
        { type: 'timer', name: 't', values: [5], rate: 0.5 },
        set('s', 'ann'),
        set('s', 'bob'),
      ],
    ],
    'empty tags': [
      'a:1|c|#\nb:1|c|#,\nc:1|c|#,k:v,,',
      [
        counter('a', 1),
        counter('b', 1),
        { type: 'counter', name: 'c', tags: [['k', 'v']], value: 1, rate: 1 },
      ],
    ],
    "tags in a name, as Telegraf's clients write them": [
      'n,a=1,b=x=y,c=:1|c\nt,a=1:5|ms|@0.5',
      [
        tagged('n', ['a', '1'], ['b', 'x=y'], ['c', '']),
        { type: 'timer', name: 't', tags: [['a', '1']], values: [5], rate: 0.5 },
      ],
    ],
    "tags in a name, as Graphite's clients write them": [
      'n;a=1;b=x,y:1|c',
      [tagged('n', ['a', '1'], ['b', 'x,y'])],
    ],
    "tags in a name, as SignalFx' clients write them": [
      'n[a=1,b=2]:1|c\nn[a=1].count:1|c\n[a=1]n:1|c',
      [tagged('n', ['a', '1'], ['b', '2']), tagged('n.count', ['a', '1']), tagged('n', ['a', '1'])],
    ],
    'tags of a packed line, whose samples all have them': [
      'n,a=1:1|c:1|c',
      [tagged('n', ['a', '1']), tagged('n', ['a', '1'])],
    ],
    "tags behind a name with another one's separator": [
      'x;y,a=1:1|c\nx[0],a=1:1|c\nx;y[a=1]:1|c',
      [tagged('x;y', ['a', '1']), tagged('x[0]', ['a', '1']), tagged('x;y', ['a', '1'])],
    ],
    'a gauge below zero with tags in its name, whose sign is a change': [
      'g,a=1:-5|g',
      [{ type: 'gauge', name: 'g', tags: [['a', '1']], value: -5, signed: true }],
    ],
    'names with such characters that make no tags': [
      'a,b:1|c\nselect a, b=1:1|c\na;b;c=1:1|c\na[0]:1|c\na[b=1:1|c\na,=1:1|c\n,a=1:1|c\n[a=1]:1|c\na,b=1,:1|c',
      ['a,b', 'select a, b=1', 'a;b;c=1', 'a[0]', 'a[b=1', 'a,=1', ',a=1', '[a=1]', 'a,b=1,'].map((name) =>
        counter(name, 1),
      ),
    ],
    "a name with such characters in a line with DogStatsD's tags, as it stands": [
      'n,a=1:1|c|#b:2',
      [tagged('n,a=1', ['b', '2'])],
    ],
    'exponents, which others write': [
      'a:1e3|c\ng:1.5E-3|g',
      [counter('a', 1000), { type: 'gauge', name: 'g', value: 0.0015 }],
    ],
  };
  for (const [what, [text, metrics]] of Object.entries(readable)) {
    it(`reads ${what}`, () => {
      const expected = { metrics, bad: [], events: [], serviceChecks: [] };
      expect(decodeLines(text)).to.deep.equal(expected);
      expect(decodeLines(Buffer.from(text))).to.deep.equal(expected);
    });
  }

  const bad: Record<string, string> = {
    'a bar in a name': 'a|b:1|c',
    'a name and nothing else': 'a',
    'packed values with an empty one': 'a:1::2|c'.replace('::', ':|'),
    'an unknown type': 'a:1|x',
    'a comma between counters': 'a:1,2|c',
    'counters that add up to infinity': 'a:1e308:1e308|c',
    'a decimal comma in a timing': 'checkout:12,2323|ms',
    'a name that is nothing but double colons': '::::|c',
    'a rate over 1': 'a:1|c|@2',
    'a rate of 0 in the second of two samples': 'a:1|c:2|c|@0',
    'a second sample without a type': 'a:1|c:2',
    'a set without a member': 'a:|s',
    "a gauge whose AppFirst time isn't one": 'g:1|g|17o',
    'a bundle of which nothing can be read': 'x::y::z:1|q',
    'two signs': 'g:+-5|g',
    'a sign alone': 'g:-|g',
  };
  for (const [what, line] of Object.entries(bad)) {
    it(`says that ${what} is bad, and reads the lines around it`, () => {
      expect(decodeLines(`x:1|c\n${line}\ny:2|c`)).to.deep.equal({
        metrics: [counter('x', 1), counter('y', 2)],
        bad: [line],
        events: [],
        serviceChecks: [],
      });
    });
  }

  it('names the parts of a bundle that can not be read, and reads the others', () => {
    const { metrics, bad } = decodeLines('a:1|c::broken::b:2|c::c:1,2|ms');
    expect(metrics).to.deep.equal([counter('a', 1), counter('b', 2)]);
    expect(bad).to.deep.equal(['broken', 'c:1,2|ms']);
  });

  const events = [
    '_e{5,4}:title|text',
    '_e{1,1}:1|c',
    '_e{1,1}:1|g|#k:v',
    '_e{2,2}:12|ms|d:1656581400|p:low',
    '_e{6,3}:a::b:1|c::',
  ];
  const serviceChecks = ['_sc|Redis connection|2|#env:dev|m:timed out', '_sc|x:1|c'];
  it("takes DogStatsD's events and service checks for what they are, whatever they look like", () => {
    const text = ['a:1|c', ...events, 'b:2|c', ...serviceChecks, '_sc:3|c', '_e:4|c'].join('\n');
    expect(decodeLines(text)).to.deep.equal({
      metrics: [counter('a', 1), counter('b', 2), counter('_sc', 3), counter('_e', 4)],
      bad: [],
      events,
      serviceChecks,
    });
  });

  describe('of a gauge', () => {
    const change = (value: number): object => ({ value, signed: true });
    const signs: Record<string, object> = {
      'g:5|g': { value: 5 },
      'g:+5|g': change(5),
      'g:+5|g|#a:b': change(5),
      'g:+5|g|T1795354531|#a:b': change(5),
      'g:-5|g': change(-5),
      'g:-5|g|@0.5': change(-5),
      'g:-5|g|#a:b': { value: -5 },
      'g:-5|g|#': { value: -5 },
      'g:-5|g|c:ci-1': { value: -5 },
      'g:-5|g|e:it-false': { value: -5 },
      'g:-5|g|card:low': { value: -5 },
      'g:-5|g|T1795354531': { value: -5, timestamp: 1795354531 },
      'g:7:-5|g': { value: -5 },
      'g:-5|g|1795354531': { value: -5, timestamp: 1795354531 },
      'g:+5|g|1795354531': { value: 5, timestamp: 1795354531 },
    };
    for (const [line, expected] of Object.entries(signs)) {
      const meaning = 'signed' in expected ? 'a change' : 'a value';
      it(`reads ${line} as ${meaning}, on the queue, too`, () => {
        for (const read of [decode, decodeLines]) {
          const [{ tags: _, ...gauge } = {} as never, ...others] = read(line).metrics;
          expect(gauge).to.deep.equal({ type: 'gauge', name: 'g', ...expected });
          expect(others).to.deep.equal([]);
        }
      });
    }
  });

  it('throws at no text made of what the formats are made of, and accounts for every line', () => {
    const visible =
      'a b: : :: | |c |g |ms |s |h |d |@ 0.5 |# k:v , ; [ ] = 1 -1 + . 1e9 |T 17 |c:x _e{1,1} _sc é 🛒'.split(
        ' ',
      );
    const piece = fc.oneof(fc.constantFrom(...visible), fc.constantFrom('\n', '\r\n', '\0', '\ud800', ' '));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const { metrics, bad, events, serviceChecks } = decodeLines(text);
        const lines = text.replace(/\0$/, '').split('\n');
        const read = metrics.length + bad.length + events.length + serviceChecks.length;
        expect(read).to.be.at.least(lines.filter((line) => line.trim() !== '').length);
        for (const metric of metrics) {
          expect(metric.name.replaceAll('::', '')).to.match(/^[^:|]*$/u);
          expect(metric.name).not.to.equal('');
          if ('value' in metric) expect(Number.isFinite(metric.value)).to.equal(true);
          if ('values' in metric) expect(metric.values.every(Number.isFinite)).to.equal(true);
          if ('rate' in metric) expect(metric.rate).to.be.within(Number.MIN_VALUE, 1);
          expect(metric.tags?.every(([key, value]) => key + value !== '') ?? true).to.equal(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  // Each of these made a parser that backtracks take time that grows with the square of its length.
  const long: Record<string, string> = {
    'digits that end in a letter': `a:${'1'.repeat(65_000)}z|c`,
    'digits with a point, and a letter': `a:${'1'.repeat(30_000)}.${'1'.repeat(30_000)}z|c`,
    'an exponent of many digits': `a:1e${'1'.repeat(65_000)}z|c`,
    colons: `a${':'.repeat(65_000)}`,
    bars: `a:1|c${'|'.repeat(65_000)}`,
    'letters in a field': `a:1|c|${'z'.repeat(65_000)}`,
    'empty tags': `a:1|c|#${','.repeat(65_000)}`,
    NULs: '\0'.repeat(65_000),
    'line breaks': '\r\n'.repeat(32_000),
    'packed values': `a:${'1:'.repeat(32_000)}1|ms`,
    'packed samples': `a${':1|c'.repeat(16_000)}`,
    'packed samples, of which the last is bad': `a${':1|c'.repeat(16_000)}:z|c`,
    'packed rates': `a${':1|c|@0.5'.repeat(7000)}`,
    'double colons': `a${'::'.repeat(32_000)}`,
    'double colons between letters': `${'a::'.repeat(21_000)}:1|c`,
    'parts of a bundle': 'a:1|c::'.repeat(9000),
    'parts of a bundle with fields': 'a:1|g|1::'.repeat(7000),
    'tags with double colons': `a:1|c|#${'k::v,'.repeat(13_000)}`,
    'tags in a name': `a${',k=v'.repeat(16_000)}:1|c`,
    'tags in a name, of which the last is none': `a${',k=v'.repeat(16_000)},:1|c`,
    'packed samples of a name with tags': `a${',k=v'.repeat(8000)}${':1|c'.repeat(8000)}`,
    'separators in a name': `a${',;['.repeat(21_000)}:1|c`,
    'a packed set': `a${':::1|s'.repeat(10_000)}`,
  };
  for (const [what, text] of Object.entries(long)) {
    it(`takes little time for the longest datagram of ${what}`, () => {
      for (const read of [decode, decodeLines]) {
        // Of the processor: how long it takes depends on what else the machine does.
        const begin = process.cpuUsage();
        read(text);
        const { user } = process.cpuUsage(begin);
        expect(user / 1000, 'ms').to.be.below(250);
      }
    });
  }
});
