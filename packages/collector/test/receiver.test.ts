import { expect } from 'chai';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { Receiver } from '../src/receiver.js';
import { KeptOutput } from './support/kept-output.js';

interface Made {
  readonly receiver: Receiver;
  readonly output: KeptOutput;
  readonly incidents: (readonly [string, string])[];
}

function make(maxMetrics = 100): Made {
  const incidents: (readonly [string, string])[] = [];
  const receiver = new Receiver(maxMetrics, (severity, text) => incidents.push([severity, text]));
  const output = new KeptOutput();
  receiver.outputs = [output];
  return { receiver, output, incidents };
}

const NOTHING = { messages: 0, samples: 0, badLines: 0, events: 0, serviceChecks: 0 };

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

/** What goes wrong in the field: cut off, doubled, padded, foreign, absurd. */
const CORPUS: readonly (readonly [text: string, samples: number, bad: number])[] = [
  ['', 0, 0],
  ['\0', 0, 0],
  ['\0\0\0\0', 0, 1],
  ['\xff\xfe\x80', 0, 1],
  ['\x1b[2J:1|c', 1, 0],
  ['hits:1|c\0', 1, 0],
  ['hits', 0, 1],
  ['hits:', 0, 1],
  ['hits:1', 0, 1],
  ['hits:1|', 0, 1],
  ['hits:|c', 0, 1],
  [':1|c', 0, 1],
  ['hits:1|x', 0, 1],
  ['hits:1e309|c', 0, 1],
  ['hits:NaN|c', 0, 1],
  ['hits:Infinity|g', 0, 1],
  ['hits:0x10|c', 0, 1],
  ['hits:1|c|@0', 0, 1],
  ['hits:1|c|@2', 0, 1],
  ['hits:1|c|@-1', 0, 1],
  ['hits:1|c::wait:10,5,7|ms::half:1', 4, 1],
  ['hits:1|c\n\nhits:2|c\n', 2, 0],
  ['_e{5,4}:title|text', 0, 0],
  ['_sc|check|0', 0, 0],
  ['x'.repeat(65_000), 0, 1],
  [`${'x'.repeat(65_000)}:1|c`, 1, 0],
  [`wait:${'1,'.repeat(30_000)}1|ms`, 30_001, 0],
  [`wait:${'1,'.repeat(30_000)}|ms`, 0, 1],
  ['::'.repeat(1000), 0, 1001],
  ['\n'.repeat(1000), 0, 0],
];

describe("the collector's receiver", () => {
  it('counts messages, samples and what it cannot read, for each input apart', () => {
    const { receiver } = make();
    receiver.receiveFromQueue(bytes('hits:3|c::wait:1,2,3|ms::bad'), 3);
    receiver.receiveFromUDP(bytes('users:a,b|s\nsize:1|g:2|g\nwait:1,2|ms'));
    expect(receiver.queue).to.deep.equal({ ...NOTHING, messages: 1, samples: 4, badLines: 1 });
    expect(receiver.udp).to.deep.equal({ ...NOTHING, messages: 1, samples: 3, badLines: 1 });
  });

  it('hands every metric to every output', () => {
    const { receiver, output } = make();
    const second = new KeptOutput();
    receiver.outputs = [output, second];
    receiver.receiveFromUDP(bytes('hits:3|c\nwait:1:2|ms|@0.5'));
    expect(output.metrics.map(({ name }) => name)).to.deep.equal(['hits', 'wait']);
    expect(second.metrics).to.deep.equal(output.metrics);
  });

  it('takes priorities 0 to 2 for incident reports, shows them, and never reads them as metrics', () => {
    const { receiver, output, incidents } = make();
    receiver.receiveFromQueue(bytes('77:disk full\0garbage\xff'), 0);
    receiver.receiveFromQueue(bytes('77:hits:1|c'), 1);
    receiver.receiveFromQueue(bytes(`77:${'x'.repeat(2000)}`), 2);
    expect(receiver.incidents).to.deep.equal({ information: 1, warning: 1, critical: 1 });
    expect(incidents[0]).to.deep.equal(['information', '77:disk full']);
    expect(incidents[2]![1]).to.have.length(500);
    expect([output.metrics.length, receiver.queue.messages]).to.deep.equal([0, 0]);
  });

  it('shows no control character of an incident report', () => {
    const { receiver, incidents } = make();
    receiver.receiveFromQueue(Buffer.from('1:\u001B[2J\u009B31m\r\n\u202Efine'), 2);
    expect(incidents[0]![1]).to.equal('1:?[2J?31m???fine');
  });

  it('counts messages of other priorities apart, and leaves them alone', () => {
    const { receiver, output } = make();
    for (const priority of [4, 5, 31, 32_767]) receiver.receiveFromQueue(bytes('hits:1|c'), priority);
    expect(receiver.otherMessages).to.equal(4);
    expect(output.metrics).to.deep.equal([]);
  });

  it('takes an empty datagram for a probe, which is no message', () => {
    const { receiver } = make();
    receiver.receiveFromUDP(bytes(''));
    expect(receiver.udp).to.deep.equal(NOTHING);
  });

  for (const [text, samples, bad] of CORPUS) {
    it(`counts ${samples} samples and ${bad} bad lines in ${JSON.stringify(text.slice(0, 30))} of ${text.length} bytes`, () => {
      const { receiver } = make();
      receiver.receiveFromQueue(bytes(text), 3);
      const { events, serviceChecks, ...counts } = receiver.queue;
      expect(counts).to.deep.equal({ messages: 1, samples, badLines: bad });
      expect([events, serviceChecks]).to.deep.equal([
        Number(text.startsWith('_e{')),
        Number(text.startsWith('_sc|')),
      ]);
    });
  }

  it("counts DogStatsD's events and service checks as what they are, and not as bad lines", () => {
    const { receiver, output } = make();
    receiver.receiveFromUDP(bytes('_e{5,4}:title|text|#a:b\nhits:1|c\n_sc|check|0\n_e{1,1}:1|c'));
    expect(receiver.udp).to.deep.equal({ ...NOTHING, messages: 1, samples: 1, events: 2, serviceChecks: 1 });
    expect(output.metrics.map(({ name }) => name)).to.deep.equal(['hits']);
    expect(output.events).to.deep.equal(['_e{5,4}:title|text|#a:b', '_e{1,1}:1|c', '_sc|check|0']);
  });

  it('counts them in the queue, too, whatever stands in their text', () => {
    const { receiver } = make();
    receiver.receiveFromQueue(bytes('_e{5,4}:title|a::b\n_sc|check|0|m:a::b\nhits:1|c'), 3);
    expect(receiver.queue).to.deep.equal({
      ...NOTHING,
      messages: 1,
      samples: 1,
      events: 1,
      serviceChecks: 1,
    });
  });

  it('reads a message by the input that it came on', () => {
    const { receiver, output } = make();
    receiver.receiveFromUDP(bytes('visitors:Doe, Jane|s\nips:2001:db8::1|s\nFoo::Bar.run:1|c\nn:1|c:2|c'));
    receiver.receiveFromQueue(bytes('visitors:ann,bob|s::a:1|c\nvisitors:Roe, Jane|s|#k:a::b'), 3);
    const read = output.metrics.map((metric) => [
      metric.name,
      metric.type === 'set' ? metric.members : metric.type === 'counter' ? metric.value : metric.type,
    ]);
    expect(read).to.deep.equal([
      ['visitors', ['Doe, Jane']],
      ['ips', ['2001:db8::1']],
      ['Foo::Bar.run', 1],
      ['n', 1],
      ['n', 2],
      ['visitors', ['ann', 'bob']],
      ['a', 1],
      ['visitors', ['Roe, Jane']],
    ]);
    expect([receiver.udp.badLines, receiver.queue.badLines]).to.deep.equal([0, 0]);
  });

  it('never throws, whatever bytes come at whatever priority', () => {
    const lines = fc.constantFrom(...CORPUS.map(([text]) => text.slice(0, 50)));
    const metricLike = fc
      .tuple(fc.string(), fc.string(), fc.constantFrom('c', 'g', 'ms', 's', 'h', 'd', 'x', ''), fc.string())
      .map(([name, value, type, rest]) => `${name}:${value}|${type}|${rest}`);
    const message = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(fc.oneof(lines, metricLike)).map((all) => Buffer.from(all.join('\n'))),
      fc.array(fc.oneof(lines, metricLike)).map((all) => Buffer.from(all.join('::'))),
    );
    const { receiver, output } = make();
    fc.assert(
      fc.property(message, fc.integer({ min: 0, max: 6 }), (message, priority) => {
        output.metrics.length = 0;
        receiver.receiveFromQueue(message, priority);
        receiver.receiveFromUDP(message);
        for (const metric of output.metrics) {
          if (metric.type === 'gauge') expect(metric.value).to.satisfy(Number.isFinite);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a relative gauge', () => {
  /** The gauges' values as the outputs get them. */
  const values = (lines: readonly string[], maxMetrics?: number): [string, number][] => {
    const { receiver, output } = make(maxMetrics);
    for (const line of lines) receiver.receiveFromUDP(bytes(line));
    return output.metrics.map((metric) => {
      if (metric.type !== 'gauge' || metric.signed === true)
        throw new Error(`${metric.name} isn't an absolute gauge`);
      return [metric.name, metric.value];
    });
  };

  it('changes the last value, and reaches outputs as an absolute one', () => {
    const expected = [10, 15, 12, 0, -5].map((value) => ['size', value]);
    expect(values(['size:10|g', 'size:+5|g', 'size:-3|g', 'size:0|g', 'size:-5|g'])).to.deep.equal(expected);
  });

  it('begins at 0 when nothing is known of it', () => {
    expect(values(['size:-5|g'])).to.deep.equal([['size', -5]]);
  });

  it('is none with a minus and a time or tags: the AppFirst format and DogStatsD have absolute ones only', () => {
    expect(values(['size:10|g', `size:-5|g|${Math.floor(Date.now() / 1000)}`])).to.deep.equal([
      ['size', 10],
      ['size', -5],
    ]);
    expect(values(['size:10|g|#a:b', 'size:-5|g|#a:b'])).to.deep.equal([
      ['size', 10],
      ['size', -5],
    ]);
  });

  it('that runs over begins anew', () => {
    expect(values(['size:1e308|g', 'size:+1e308|g']).at(-1)).to.deep.equal(['size', 1e308]);
  });

  it('is forgotten when there are more than the limit, the one touched longest ago first', () => {
    const read = values(['a:1|g', 'b:1|g', 'a:+1|g', 'c:1|g', 'a:+1|g', 'b:+1|g'], 2);
    expect(read.slice(-2)).to.deep.equal([
      ['a', 3],
      ['b', 1],
    ]);
  });
});
