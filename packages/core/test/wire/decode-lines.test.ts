import { expect } from 'chai';
import * as fc from 'fast-check';
import { type Decoded, decode } from '../../src/index.js';

const counter = (name: string, value: number, rate = 1): Decoded => ({ type: 'counter', name, value, rate });

describe('decode, of etsy and DogStatsD lines', () => {
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
    'empty tags': [
      'a:1|c|#\nb:1|c|#,\nc:1|c|#,k:v,,',
      [
        counter('a', 1),
        counter('b', 1),
        { type: 'counter', name: 'c', tags: [['k', 'v']], value: 1, rate: 1 },
      ],
    ],
    'exponents, which others write': [
      'a:1e3|c\ng:1.5E-3|g',
      [counter('a', 1000), { type: 'gauge', name: 'g', value: 0.0015 }],
    ],
  };
  for (const [what, [text, metrics]] of Object.entries(readable)) {
    it(`reads ${what}`, () => {
      expect(decode(text)).to.deep.equal({ metrics, bad: [] });
      expect(decode(Buffer.from(text))).to.deep.equal({ metrics, bad: [] });
    });
  }

  const bad: Record<string, string> = {
    'an event': '_e{5,4}:title|text',
    'an event that looks like a counter': '_e{1,1}:1|c',
    'an event that looks like a gauge, with tags': '_e{1,1}:1|g|#k:v',
    'an event with a priority and a time': '_e{2,2}:12|ms|d:1656581400|p:low',
    'a service check': '_sc|Redis connection|2|#env:dev|m:timed out',
    'a service check that looks like a metric': '_sc|x:1|c',
    'a bar in a name': 'a|b:1|c',
    'a name and nothing else': 'a',
    'packed values with an empty one': 'a:1::2|c'.replace('::', ':|'),
    'an unknown type': 'a:1|x',
    'a comma between counters': 'a:1,2|c',
    'counters that add up to infinity': 'a:1e308:1e308|c',
    'a time that is none': 'a:1|c|Tsoon',
    'a field that is none': 'a:1|c|nonsense',
    'an empty line between others': '',
    'two signs': 'g:+-5|g',
    'a sign alone': 'g:-|g',
  };
  for (const [what, line] of Object.entries(bad)) {
    it(`says that ${what} is bad, and reads the lines around it`, () => {
      expect(decode(`x:1|c\n${line}\ny:2|c`)).to.deep.equal({
        metrics: [counter('x', 1), counter('y', 2)],
        bad: [line],
      });
    });
  }

  it('throws at no text made of what the formats are made of, and accounts for every line', () => {
    const visible =
      'a b: : :: | |c |g |ms |s |h |d |@ 0.5 |# k:v , 1 -1 + . 1e9 |T 17 |c:x _e{1,1} _sc é 🛒'.split(' ');
    const piece = fc.oneof(fc.constantFrom(...visible), fc.constantFrom('\n', '\r\n', '\0', '\ud800', ' '));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const { metrics, bad } = decode(text);
        const lines = text.replace(/\0$/, '').split('\n');
        expect(metrics.length + bad.length).to.be.at.least(Math.max(1, lines.length - 1));
        for (const metric of metrics) {
          expect(metric.name).to.match(/^[^:|]+$/u);
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
  };
  for (const [what, text] of Object.entries(long)) {
    it(`takes little time for the longest datagram of ${what}`, () => {
      const begin = performance.now();
      decode(text);
      expect(performance.now() - begin).to.be.below(250);
    });
  }
});
