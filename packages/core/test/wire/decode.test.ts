import { expect } from 'chai';
import * as fc from 'fast-check';
import { decode } from '../../src/index.js';

describe('decode', () => {
  it('reads each kind of metric, from text and from bytes', () => {
    const text = 'web.hits:15|c::load:-0.7|g|1795354531::login:10,5.25,7|ms::users:alice,bob|s';
    const metrics = [
      { type: 'counter', name: 'web.hits', value: 15, rate: 1 },
      { type: 'gauge', name: 'load', value: -0.7, timestamp: 1795354531 },
      { type: 'timer', name: 'login', values: [10, 5.25, 7], rate: 1 },
      { type: 'set', name: 'users', members: ['alice', 'bob'] },
    ];
    const expected = { metrics, bad: [], events: [], serviceChecks: [] };
    expect(decode(text)).to.deep.equal(expected);
    expect(decode(Buffer.from(`${text}\0`))).to.deep.equal(expected);
  });

  it('reads a gauge without its time, and the rate of a sampled counter or timer', () => {
    expect(decode('g:5|g').metrics).to.deep.equal([{ type: 'gauge', name: 'g', value: 5 }]);
    expect(decode('c:1|c|@0.1').metrics).to.deep.equal([{ type: 'counter', name: 'c', value: 1, rate: 0.1 }]);
    expect(decode('t:1,2|ms|@0.5').metrics).to.deep.equal([
      { type: 'timer', name: 't', values: [1, 2], rate: 0.5 },
    ]);
  });

  const unreadable = [
    ['', 'nothing'],
    ['x', 'no value'],
    [':1|c', 'no name'],
    ['x:|c', 'an empty value'],
    ['x:1', 'no type'],
    ['x:1|q', 'an unknown type'],
    ['x:NaN|c', 'NaN'],
    ['x:Infinity|g', 'infinity'],
    ['x:1e309|c', 'a number past all doubles'],
    ['x:0x10|c', 'hexadecimal digits'],
    ['x: 1|c', 'a blank'],
    ['x:1|c|0.5', 'a rate without @'],
    ['x:1|c|@0', 'a rate of 0'],
    ['x:1|c|@1.5', 'a rate over 1'],
    ['x:1|c|@0.5|z', 'a field too many'],
    ['x:1|g|soon', 'a time that is none'],
    ['x:1,,2|ms', 'an empty timing'],
    ['x:|s', 'no member'],
  ] as const;
  for (const [text, what] of unreadable) {
    it(`says that a metric with ${what} is bad, and reads the others`, () => {
      const { metrics, bad } = decode(`a:1|c::${text}::b:2|c`);
      expect({ metrics, bad }).to.deep.equal({
        metrics: [
          { type: 'counter', name: 'a', value: 1, rate: 1 },
          { type: 'counter', name: 'b', value: 2, rate: 1 },
        ],
        bad: [text],
      });
    });
  }

  it('reads lines: bundles, and metrics with tags, which may hold what separates elsewhere', () => {
    const text = [
      'a:1|c::b:2|c',
      'orders:2|c|#method:card,note:a::b',
      '',
      'level:-5|g|T1795354531|#room:a\r',
      'wait:10:5|ms|@0.5|#k:v',
      'users:Doe, Jane|s|#k:v',
      'c:1,2|ms::d:ann,bob|s',
    ].join('\n');
    expect(decode(text)).to.deep.equal({
      metrics: [
        { type: 'counter', name: 'a', value: 1, rate: 1 },
        { type: 'counter', name: 'b', value: 2, rate: 1 },
        {
          type: 'counter',
          name: 'orders',
          tags: [
            ['method', 'card'],
            ['note', 'a::b'],
          ],
          value: 2,
          rate: 1,
        },
        { type: 'gauge', name: 'level', tags: [['room', 'a']], value: -5, timestamp: 1795354531 },
        { type: 'timer', name: 'wait', tags: [['k', 'v']], values: [10, 5], rate: 0.5 },
        { type: 'set', name: 'users', tags: [['k', 'v']], members: ['Doe, Jane'] },
        { type: 'timer', name: 'c', values: [1, 2], rate: 1 },
        { type: 'set', name: 'd', members: ['ann', 'bob'] },
      ],
      bad: [],
      events: [],
      serviceChecks: [],
    });
  });

  it('reads parts of a bundle before a metric with tags', () => {
    const { metrics, bad } = decode('a:1|c::t:1,2|ms::b:2|c|#ip:::1');
    expect(bad).to.deep.equal([]);
    expect(metrics.map(({ name }) => name)).to.deep.equal(['a', 't', 'b']);
    expect(metrics[2]!.tags).to.deep.equal([['ip', '::1']]);
  });

  it('skips blank lines: an empty message says nothing, and nothing of it is bad', () => {
    for (const text of ['', '\0', '\n', '\r\n\n', ' \n'])
      expect(decode(text)).to.deep.equal({ metrics: [], bad: [], events: [], serviceChecks: [] });
  });

  it('throws at no bytes, and accounts for every part', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const { metrics, bad } = decode(bytes);
        const text = Buffer.from(bytes).toString().replace(/\0$/, '');
        const lines = text.split('\n').filter((line) => line.trim() !== '').length;
        expect(metrics.length + bad.length).to.be.at.least(lines);
        expect(bad.every((part) => text.includes(part))).to.equal(true);
      }),
    );
  });
});
