import { until, useClients, usePrograms, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { type StatsdFormat, type StatsdOptions, UDPTransport, decode, decodeLines } from '../../src/index.js';
import { type AFOptions, afFormat } from '../../src/wire/af.js';
import type { Format } from '../../src/wire/format.js';
import { makeFormat } from '../../src/wire/formats.js';
import type { LineOptions } from '../../src/wire/lines.js';
import type { UdpScript } from '../programs/udp.js';
import { FormatTransport } from '../support/format-transport.js';
import { programFile } from '../support/program-file.js';

interface Case {
  readonly format: Format;
  /** Whether each line but those of the end holds a whole number. */
  readonly whole: boolean;
  readonly options?: StatsdOptions;
}

const line = (format: StatsdFormat, options: LineOptions = {}): Format => makeFormat(format, options);
const af = (options: AFOptions = {}): Format => afFormat(options);
const tags = { region: 'eu' };

const CASES: Readonly<Record<string, Case>> = {
  etsy: { format: line('etsy'), whole: false },
  dogstatsd: { format: line('dogstatsd'), whole: false },
  graphite: { format: line('graphite'), whole: false },
  influx: { format: line('influx'), whole: true },
  'influx, wholeCounters: false': { format: line('influx', { wholeCounters: false }), whole: false },
  'etsy, wholeCounters: true': { format: line('etsy', { wholeCounters: true }), whole: true },
  'the queue, with tags': { format: af(), whole: false, options: { tags } },
};

/** A sum of so many cents, and what a client is given in one interval. */
const intervals = fc.array(fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 10 }), {
  maxLength: 10,
});

describe('fractions of counters', () => {
  const makeClient = useClients();

  for (const [title, { format, whole, options = {} }] of Object.entries(CASES)) {
    it(`are all there after the end, in the format ${title}`, async () => {
      await fc.assert(
        fc.asyncProperty(intervals, async (intervals) => {
          const transport = new FormatTransport(format);
          const { statsd } = makeClient({ transport, ...options });
          for (const cents of intervals) {
            for (const cent of cents) statsd.updateStats('cost', cent / 100);
            await statsd.flush();
          }
          const before = transport.messages.length;
          await statsd.shutdown();
          const written = transport.messages.map((message) => Number(/:(-?[\d.]+)\|c/.exec(message)![1]));
          const sum = intervals.flat().reduce((sum, cent) => sum + cent, 0) / 100;
          expect(written.reduce((sum, one) => sum + one, 0)).to.be.closeTo(sum, 1e-9);
          if (whole) for (const one of written.slice(0, before)) expect(Number.isInteger(one)).to.equal(true);
          const { recorded, sent, roundedOff } = statsd.stats();
          expect({ sent, roundedOff }).to.deep.equal({ sent: recorded, roundedOff: 0 });
        }),
        { numRuns: 50 },
      );
    });
  }

  for (const format of [af(), af({ tags: 'fold' })]) {
    const title = format.foldsTags === true ? 'folded' : 'without tags';
    it(`are carried over the queue, ${title}, rounded once at the end, and the ledger says by how much`, async () => {
      await fc.assert(
        fc.asyncProperty(intervals, async (intervals) => {
          const transport = new FormatTransport(format);
          const { statsd } = makeClient({ transport, ...(format.foldsTags === true ? { tags } : {}) });
          for (const cents of intervals) {
            for (const cent of cents) statsd.updateStats('cost', cent / 100);
            await statsd.flush();
          }
          expect(statsd.stats().roundedOff).to.equal(0);
          await statsd.shutdown();
          let written = 0;
          for (const message of transport.messages) {
            const [metric] = decode(message).metrics;
            if (metric?.type !== 'counter' || !Number.isInteger(metric.value)) throw new Error(message);
            written += metric.value;
          }
          const sum = intervals.flat().reduce((sum, cent) => sum + cent, 0) / 100;
          const { roundedOff, recorded, sent } = statsd.stats();
          expect(Math.abs(written - sum)).to.be.closeTo(roundedOff, 1e-9);
          expect(roundedOff).to.be.at.most(0.5 + 1e-9);
          expect(sent).to.equal(recorded);
        }),
        { numRuns: 50 },
      );
    });
  }

  it('leave no lines of 0 behind at the end, where they can only be rounded', async () => {
    const { statsd, memory } = makeClient();
    for (const name of ['a', 'b', 'c']) statsd.updateStats(name, 0.4);
    await statsd.flush();
    memory.clear();
    await statsd.shutdown();
    expect(memory.messages).to.deep.equal([]);
    expect(statsd.stats().roundedOff).to.be.closeTo(1.2, 1e-9);
  });

  it('are carried while the client goes from one format to another', async () => {
    const [etsy, influx, queue] = [line('etsy'), line('influx'), af()].map(
      (format) => new FormatTransport(format),
    );
    const { statsd } = makeClient({ transport: influx! });
    for (const transport of [influx!, queue!, etsy!, influx!, etsy!]) {
      statsd.setTransport(transport);
      for (let i = 0; i < 3; i++) {
        statsd.updateStats('cost', 0.13);
        await statsd.flush();
      }
    }
    await statsd.shutdown();
    const written = [etsy!, influx!, queue!].flatMap(({ messages }) => messages);
    const values = written.map((message) => Number(/:(-?[\d.]+)\|c/.exec(message)![1]));
    expect(values.reduce((sum, one) => sum + one, 0)).to.be.closeTo(15 * 0.13, 1e-9);
  });

  it('let an idle counter go where they are written, as one without fractions', async () => {
    const { statsd } = makeClient({ transport: new FormatTransport(line('etsy')) });
    statsd.updateStats('cost', 0.3);
    await statsd.flush();
    const [view] = statsd.views();
    expect(view).to.include({ kind: 'counter', value: 0 });
  });

  it('are whole numbers at a channel of somebody else that does not say that it keeps them', async () => {
    const sums: number[] = [];
    const channel = {
      offer: ({ metrics }: { metrics: readonly { whole?: number }[] }, from: number) => {
        for (const { whole } of metrics.slice(from)) sums.push(whole!);
        return { taken: metrics.length - from, values: 0, state: 'ok' as const };
      },
    };
    const transport = {
      open: () => channel as never,
      close: () => {},
      stats: () => ({ state: 'open' as const, detail: '', messages: 0, bytes: 0, full: 0 }),
    };
    const { statsd } = makeClient({ transport });
    for (let i = 0; i < 10; i++) {
      statsd.updateStats('cost', 0.7);
      await statsd.flush();
    }
    expect(sums.every(Number.isInteger)).to.equal(true);
    expect(sums.reduce((sum, one) => sum + one, 0)).to.equal(7);
  });

  it('are asked for by an option, in code or in a URL', () => {
    expect(() => new UDPTransport({ wholeCounters: 'yes' as never })).to.throw(
      TypeError,
      'option wholeCounters must be true or false; it is "yes"',
    );
    for (const option of ['true', 'off'])
      expect(() => makeClient({ transport: `udp://127.0.0.1?wholeCounters=${option}` })).not.to.throw();
    expect(() => makeClient({ transport: 'unix:///x?wholeCounters=some' })).to.throw(
      TypeError,
      'wholeCounters',
    );
  });

  describe('at the end of a process', function () {
    this.timeout(60_000);
    const programs = usePrograms();
    const receivers = useReceivers();

    for (const [how, way] of [
      ['falls off the end', 'counts fractions, flushes and falls off the end'],
      ['is ended by SIGTERM', 'counts fractions, flushes and waits for a signal'],
    ] as const) {
      it(`that ${how} leave as a decimal, where they were carried until then`, async () => {
        const receiver = await receivers.udp();
        const script: UdpScript = { way };
        const env = {
          AFSTATSD_URL: `udp://127.0.0.1:${receiver.port}?format=influx`,
          AFSTATSD_SERVICE: 'off',
        };
        const program = programs.node([programFile('udp'), JSON.stringify(script)], { env });
        if (way.endsWith('signal')) {
          await program.message();
          program.child.kill('SIGTERM');
        }
        await program.ended();
        const sum = (): number =>
          receiver.messages
            .flatMap((message) => decodeLines(message).metrics)
            .reduce((sum, metric) => sum + (metric.type === 'counter' ? metric.value : 0), 0);
        await until('the remainder has arrived', () => Math.abs(sum() - 1.2) < 1e-9);
        expect(receiver.lines).to.deep.equal(['share:0|c', 'share:1|c', 'share:0|c', 'share:0.2|c']);
      });
    }
  });
});
