import { type Decoded, type DecodeResult, decode, decodeLines } from '@afstatsd/core';
import { clientReportLine } from '@afstatsd/core/instrument';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { GaugeValues } from '../../src/gauge-values.js';
import { BatchTaker } from '../../src/lines/batch-taker.js';
import { KnownLines, type KnownLinesOptions } from '../../src/lines/known-lines.js';
import { Pending } from '../../src/lines/pending.js';
import type { Grammar } from '../../src/lines/plain-line.js';
import { type ReadBatch } from '../../src/lines/read-batch.js';
import { type InputName, Receiver } from '../../src/receiver.js';
import { Recording, scalesOf } from '@afstatsd/prometheus/parts';
import { KeptOutput } from '../support/kept-output.js';

/** In ms since 1970. Time stands still, because values of gauges that have a time depend on it. */
const NOW = 1_795_354_540_000;

/** A receiver, what it hands on, and what an output records of that. */
class Way {
  readonly receiver = new Receiver(100_000, () => {});
  readonly output = new KeptOutput();
  readonly recording = new Recording(scalesOf({}), { maxMetrics: 100_000, logger: { warn: () => {} } });

  constructor() {
    Object.assign(this.receiver, { gauges: new GaugeValues(100_000, () => NOW) });
    const { recording } = this;
    const recorder = new KeptOutput();
    recorder.ingest = (metric) => void recording.ingest(metric);
    this.receiver.outputs = [
      this.output,
      Object.assign(recorder, { bind: (metric: Decoded) => recording.bind(metric) }),
    ];
  }

  /** What is recorded, by kind and key. Sums are rounded, because they are added up in another order. */
  get records(): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const record of this.recording.all()) {
      const value = 'count' in record ? [record.count, rounded(record.sum)] : rounded(record.value);
      result[`${record.kind} ${record.key}`] = value;
    }
    return result;
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

/** Reads messages by their bytes, and by the plain decoder, and tells what came of both. */
class Both {
  readonly batches: ReadBatch[] = [];
  readonly known: KnownLines;
  readonly #fast = new Way();
  readonly #plain = new Way();
  readonly #pending: Pending;
  readonly #input: InputName;
  readonly #taker: BatchTaker;
  readonly #decode: (bytes: Uint8Array) => DecodeResult;

  constructor(options: KnownLinesOptions) {
    this.#input = options.grammar === 'queue' ? 'queue' : 'udp';
    this.#taker = new BatchTaker(this.#fast.receiver, this.#input);
    this.#pending = new Pending(() => this.hand());
    this.known = new KnownLines(this.#pending, options);
    this.#decode = options.grammar === 'queue' ? decode : decodeLines;
  }

  /** What came of it by the bytes. */
  get metrics(): readonly Decoded[] {
    return this.#fast.output.metrics;
  }

  read(message: Buffer): void {
    // In the middle of a larger block, between bytes that would be read as part of the message.
    const block = Buffer.concat([Buffer.from('7|c:'), message, Buffer.from('1|c')]);
    this.known.read(block, 4, 4 + message.length);
    this.#plain.receiver[this.#input].messages++;
    this.#plain.receiver.take(this.#decode(message), this.#input);
  }

  /** Hands over what is pending, as it comes to the main thread. */
  hand(): ReadBatch {
    const batch = structuredClone(this.#pending.take());
    this.batches.push(batch);
    this.#taker.take(batch, () => {});
    this.#taker.finish();
    this.known.sweep();
    return batch;
  }

  expectEqual(): void {
    const [fast, plain] = [this.#fast, this.#plain];
    expect(fast.receiver[this.#input]).to.deep.equal(plain.receiver[this.#input]);
    expect(totals(fast.output.metrics)).to.deep.equal(totals(plain.output.metrics));
    expect(fast.records).to.deep.equal(plain.records);
    expect(fast.recording.counts).to.deep.equal(plain.recording.counts);
  }
}

/** What metrics add up to, by identity. Sums are rounded, because they are added up in another order. */
function totals(metrics: readonly Decoded[]): Record<string, unknown> {
  const result = new Map<string, { samples: number; sum: number; values: unknown[] }>();
  for (const metric of metrics) {
    const { type, name, tags } = metric;
    const isDown = type === 'counter' && metric.value < 0;
    const rate = type === 'timer' ? metric.rate : 1;
    const as = type === 'timer' ? metric.as : undefined;
    const key = JSON.stringify([type, as, name, tags, isDown, rate]);
    const total = result.get(key) ?? { samples: 0, sum: 0, values: [] };
    result.set(key, total);
    if (type === 'counter') {
      total.samples += metric.samples ?? 1;
      total.sum += metric.value / metric.rate;
    } else if (type === 'gauge') {
      total.samples += metric.samples ?? 1;
      const { value, timestamp, every, signed, change } = metric;
      // Of values that follow each other the last one counts, unless they have a time, or are changes.
      if (isPlain(total.values.at(-1))) total.values.pop();
      total.values.push({ value, timestamp, every, signed, change });
    } else total.values.push(...(type === 'timer' ? metric.values : metric.members));
  }
  for (const total of result.values()) total.sum = rounded(total.sum);
  return Object.fromEntries(result);
}

function isPlain(gauge: unknown): boolean {
  if (gauge === undefined) return false;
  const { timestamp, signed } = gauge as { timestamp?: number; signed?: true };
  return timestamp === undefined && signed === undefined;
}

const digits = fc.oneof(
  fc.nat(9).map(String),
  fc.nat(1_000_000).map(String),
  fc.constantFrom('007', '999999999999999', '9999999999999999', '12345678901234567890'),
);
const number = fc
  .tuple(
    fc.constantFrom('', '', '', '-', '+'),
    fc.oneof(
      digits,
      digits.map((text) => `${text}.`),
      digits.map((text) => `.${text}`),
      fc.tuple(digits, digits).map(([whole, part]) => `${whole}.${part}`),
      fc.constantFrom(
        '0',
        '.',
        '',
        '1e3',
        '1e999',
        '1:2',
        '1,2',
        '3:-4',
        '1::2',
        'ann',
        'Doe, Jane',
        'a:b',
        'ü',
        'x|y',
      ),
    ),
  )
  .map((parts) => parts.join(''));
const rest = fc.constantFrom(
  '|c',
  '|g',
  '|ms',
  '|h',
  '|d',
  '|s',
  '|c|@0.5',
  '|ms|@0.1',
  '|c|#a:b',
  '|c|#a:b,c:d',
  '|c|#c:d,a:b',
  '|c|@0.5|#x:1',
  '|g|1795354531',
  '|g|T1795354531',
  '|g|T1795354531|every:20',
  '|g|#a:b',
  '|c|T5',
  '|c|c:abc',
  '|',
  '',
  '|c|',
  '|q',
  '|c::b:2|c',
  '|c:2|c',
  '|c|#t:1::2',
  '|c|#',
  '|c\0',
  '|c\r',
  '|c\0\0',
  '|c|#ü:é',
  '|c|@2',
  '|c|@x',
  '|c#',
  '\0',
  ' ',
);
const name = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'a.b',
    'ü',
    'a b',
    '',
    ':',
    'Foo::Bar',
    '_e{1,1}',
    '_sc|x',
    '_a',
    '\0',
    '\uFEFFa',
    '\u001F',
    'n,k=v',
    'n,k=v,l=w',
    'n;k=v',
    'n[k=v]',
    'n[k=v].count',
    'n,k',
    'n[0],k=v',
  ),
  fc.nat(9).map((i) => `n${i}`),
  fc.constant('web.afstatsd.client.recorded'),
);
const line = fc.tuple(name, number, rest).map(([a, b, c]) => `${a}:${b}${c}`);
const message = fc
  .tuple(
    fc.array(line, { minLength: 1, maxLength: 6 }),
    fc.constantFrom('\n', '\n', '\r\n', '\n\n', '::', '::', '\r::'),
    fc.constantFrom('', '', '\n', '\0', '\n\0', '\r\n', '::', ' '),
  )
  .map(([lines, separator, end]) => Buffer.from(lines.join(separator) + end));
/** Messages, some with bytes changed. */
const spoilt = fc
  .tuple(
    message,
    fc.array(
      fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(0, 10, 13, 35, 44, 58, 124, 195, 255))),
    ),
  )
  .map(([bytes, changes]) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) for (const [at, byte] of changes.slice(0, 2)) copy[at % copy.length] = byte;
    return copy;
  });

describe('lines by their bytes', () => {
  for (const grammar of ['lines', 'queue'] satisfies Grammar[]) {
    it(`are read as the plain decoder reads them, whatever they are: ${grammar}`, () => {
      fc.assert(
        fc.property(
          fc.array(fc.oneof(message, message, spoilt), { minLength: 1, maxLength: 30 }),
          fc.nat(3),
          (messages, often) => {
            const both = new Both({ grammar, keys: 8, now: () => Infinity });
            // What came twice is known the third time.
            for (const [i, one] of [...messages, ...messages, ...messages].entries()) {
              both.read(one);
              if (i % 4 <= often) both.hand();
            }
            both.hand();
            both.expectEqual();
          },
        ),
        { numRuns: 1000 },
      );
    });
  }

  it('make no metric of a known line, but numbers', () => {
    const both = new Both({ grammar: 'lines' });
    for (let i = 0; i < 2; i++)
      both.read(Buffer.from('hits:1|c|@0.5|#a:b\nlevel:1|g\ntook:3:4|ms\nsize:1|h\nusers:ann|s\ndown:-2|c'));
    both.hand();
    for (let i = 0; i < 10; i++)
      both.read(
        Buffer.from('hits:2|c|@0.5|#a:b\nlevel:7.5|g\ntook:3:4|ms\nsize:1|h\nusers:ann|s\ndown:-2|c'),
      );
    const { lines, ids, counts } = both.hand();
    expect(lines.ends).to.have.length(0);
    expect(ids).to.have.length(6);
    expect([...counts]).to.deep.equal([10, 10, 20, 10, 10, 10]);
    both.expectEqual();
  });

  it('make no metric of a known part of a bundle', () => {
    const both = new Both({ grammar: 'queue' });
    const bundle = Buffer.from('hits:1|c::took:3,4:5|ms::users:ann,bob|s::size:7|g\norders:2|c|#method:card');
    for (let i = 0; i < 2; i++) both.read(bundle);
    both.hand();
    both.read(bundle);
    expect(both.hand().lines.ends).to.have.length(0);
    both.expectEqual();
  });

  it('keep a change of a gauge between the values before and after it', () => {
    const both = new Both({ grammar: 'lines' });
    both.read(Buffer.from('level:1|g\nlevel:5|g\nlevel:+3|g\nlevel:10|g\nlevel:-4|g'));
    both.hand();
    expect(both.metrics.map((metric) => metric.type === 'gauge' && metric.value)).to.deep.equal([
      1, 5, 8, 10, 6,
    ]);
  });

  it('keep no more than they may, and know what comes after a flood of names', () => {
    let [now, most] = [0, 0];
    const both = new Both({ grammar: 'lines', keys: 100, now: () => now });
    for (let i = 0; i < 1000; i++) {
      both.read(Buffer.from(`flood${i}:1|c\nflood${i}:1|c\nsteady:1|c`));
      most = Math.max(most, both.known.size);
      both.hand();
      now += 100;
    }
    expect(most).to.equal(100);
    now += 60_000;
    for (let i = 0; i < 3; i++) {
      both.read(Buffer.from('late:1|c'));
      both.hand();
    }
    both.read(Buffer.from('late:1|c\nsteady:1|c'));
    expect(both.hand().lines.ends).to.have.length(0);
    both.expectEqual();
  });

  it('of many senders, in a batch with reports of clients and bad lines, are told from each other', () => {
    const told: unknown[] = [];
    const receiver = new Receiver(
      1000,
      () => {},
      (_input, line, from) => told.push([line, from?.port]),
    );
    const output = new KeptOutput();
    receiver.outputs = [output];
    const pending: Pending = new Pending(() => {});
    const known = new KnownLines(pending, { grammar: 'lines' });
    const read = (text: string, port: number): void =>
      known.read(Buffer.from(text), 0, text.length, () => ({ address: '127.0.0.1', port }));
    const counts = { pid: 1, thread: 0, recorded: 1, sent: 1, pending: 0, dropped: 0, rejected: 0 };
    const about = { id: 'a', service: 's', instance: 'i', host: 'h', ...counts, warnings: [], findings: [] };
    for (let i = 0; i < 200; i++) read(`one.name${i}:${i}|c`, 1);
    read('bad one\nother.name:1|c\nbad two', 2);
    read(clientReportLine(about), 3);
    read('twice:1|c', 4);
    read('twice:2|c\nafter:1|g', 4);
    read('bad three', 5);
    const batch = structuredClone(pending.take());
    const taker = new BatchTaker(receiver, 'udp');
    taker.take(batch, () => {});
    taker.finish();
    expect(told).to.deep.equal([
      ['bad one', 2],
      ['bad three', 5],
    ]);
    expect(output.metrics.map(({ name }) => name)).to.deep.equal([
      ...Array.from({ length: 200 }, (_, i) => `one.name${i}`),
      'other.name',
      'twice',
      'twice',
      'after',
    ]);
    expect(receiver.clients.all()).to.have.length(1);
    const counted = { messages: 204, samples: 204, badLines: 3, events: 0, serviceChecks: 0 };
    expect(receiver.udp).to.deep.equal(counted);
  });

  it('are not kept when they come once', () => {
    const both = new Both({ grammar: 'lines' });
    for (let i = 0; i < 1000; i++) both.read(Buffer.from(`flood${i}:1|c`));
    both.hand();
    expect(both.known.size).to.equal(0);
    both.expectEqual();
  });

  it('keep no more bytes than they may', () => {
    const both = new Both({ grammar: 'lines', bytes: 10_000 });
    for (let i = 0; i < 2000; i++) both.read(Buffer.from(`${'x'.repeat(500)}${i >> 1}:1|c`));
    both.hand();
    expect(both.known.size).to.be.within(10, 20);
    both.expectEqual();
  });

  it('tell who has sent a line that cannot be read, and hand over one of any length', () => {
    const both = new Both({ grammar: 'lines' });
    const told: unknown[] = [];
    const receiver = new Receiver(
      10,
      () => {},
      (input, line, from) => told.push([input, line.length, from]),
    );
    const batches: ReadBatch[] = [];
    const pending: Pending = new Pending(() => batches.push(pending.take()));
    const known = new KnownLines(pending, { grammar: 'lines' });
    const [ann, bob] = [
      { address: '127.0.0.1', port: 1 },
      { address: '127.0.0.1', port: 2 },
    ];
    const read = (text: string, from?: typeof ann): void => {
      known.read(Buffer.from(text), 0, text.length, () => from);
      both.read(Buffer.from(text));
    };
    read('good:1|c\nbad', ann);
    read('worse', bob);
    read('x'.repeat(1_000_000), bob);
    read('nobody');
    read(`${'y'.repeat(300_000)}:1|c\nlast`, ann);
    batches.push(pending.take());
    expect(batches.length).to.be.above(2);
    const taker = new BatchTaker(receiver, 'udp');
    for (const batch of batches) taker.take(structuredClone(batch), () => {});
    taker.finish();
    expect(told).to.deep.equal([
      ['udp', 3, ann],
      ['udp', 5, bob],
      ['udp', 1_000_000, bob],
      ['udp', 6, undefined],
      ['udp', 4, ann],
    ]);
    both.hand();
    both.expectEqual();
  });

  it('hand over what there is no room for, in order', () => {
    const both = new Both({ grammar: 'lines' });
    const line = Array.from({ length: 4000 }, (_, i) => i).join(':');
    for (let i = 0; i < 60; i++) {
      both.read(Buffer.from(`took:${line}|ms\nusers:u${i}|s`));
      both.read(Buffer.from(Array.from({ length: 3000 }, (_, j) => `many.${i * 50 + j}:${i}|c`).join('\n')));
    }
    expect(both.batches.length).to.be.above(2);
    for (const { ids, numbers, lines } of both.batches) {
      expect(ids.length).to.be.at.most(8192);
      expect(lines.text.length).to.be.at.most(256 * 1024);
      expect(numbers.length).to.be.at.most(65_536 + 8192);
    }
    both.hand();
    both.expectEqual();
  });
});
