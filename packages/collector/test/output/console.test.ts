import { type Decoded, decode } from '@afstatsd/core';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { Log } from '../../src/log.js';
import { ConsoleOutput, type ConsoleOptions } from '../../src/output/console/console.js';
import type { Summary } from '../../src/output/console/summary.js';
import { displayWidth } from '../../src/output/console/display-width.js';
import type { Screen } from '../../src/output/console/screen.js';
import { arrivedIn } from '../support/arrived.js';

describe('the console', () => {
  const made: ConsoleOutput[] = [];
  afterEach(() => Promise.all(made.splice(0).map((output) => output.close(0))));

  /** A console, and a function that gives it metrics and returns what it shows of them. */
  function make(options: Partial<ConsoleOptions> = {}): {
    output: ConsoleOutput;
    warnings: string[];
    shown: (...given: (string | Decoded)[]) => Promise<string>;
  } {
    let text = '';
    const warnings: string[] = [];
    const output = new ConsoleOutput({
      interval: Infinity,
      maxMetrics: 100_000,
      log: new Log((line) => warnings.push(line)),
      json: false,
      screen: undefined,
      write: (more) => (text += more),
      busy: () => false,
      header: () => [],
      inputs: () => 'queue /q and UDP 127.0.0.1:8125',
      ...options,
    });
    made.push(output);
    const shown = async (...given: (string | Decoded)[]): Promise<string> => {
      text = '';
      for (const one of given) {
        for (const metric of typeof one === 'string' ? decode(one).metrics : [one]) output.ingest(metric);
      }
      await output.flush(options.busy?.() === true ? 20 : 1000);
      return text;
    };
    return { output, warnings, shown };
  }

  /** A screen of this size, which can be changed. */
  function screenOf(columns: number, rows: number, hasColors = false): Screen & { resize(to: number): void } {
    let listener = (): void => {};
    return {
      size: () => ({ columns, rows }),
      hasColors,
      onResize: (added) => {
        listener = added;
        return () => (listener = (): void => {});
      },
      resize: (to) => {
        columns = to;
        listener();
      },
    };
  }

  /** The lines that are on a screen after the last drawing. */
  const linesOn = (text: string): string[] =>
    text
      .slice(text.lastIndexOf('\u001B[?7l') + '\u001B[?7l'.length)
      .split('\u001B')
      .map((part, at) => (at === 0 ? part : part.replace(/^\[[?\d;]*[A-Za-z]/, '')))
      .join('')
      .split('\n')
      .slice(0, -1);

  it('shows a table, sorted by name, with tags, rates and numbers on the right', async () => {
    let now = 0;
    const { shown } = make({ now: () => now });
    now = 10_000;
    const text = await shown(
      'wait:10,5,7,100|ms::hits:3|c',
      'hits:1|c|#host:a',
      'users:a,b|s',
      'size:2.5|g|1795354531',
    );
    expect(text.split('\n')).to.deep.equal([
      '',
      'kind     metric        value  per s  min  mean  p50  p95  max',
      'counter  hits              3    0.3',
      'counter  hits{host=a}      1    0.1',
      'gauge    size            2.5',
      'set      users             2',
      'timer    wait              4    0.4    5  30.5    7  100  100  ms',
      '',
      '',
    ]);
  });

  it('shows bytes as bytes, and values whose unit nobody knows without one', async () => {
    const { shown } = make();
    const text = await shown(
      { type: 'timer', name: 'http.response.bytes', values: [512], rate: 1 },
      { type: 'timer', name: 'items', values: [3], rate: 1, as: 'histogram' },
      { type: 'timer', name: 'wait', values: [7], rate: 1 },
    );
    const ends = text
      .split('\n')
      .filter((line) => line.startsWith('timer'))
      .map((line) => line.split(/ +/).at(-1));
    expect(ends).to.deep.equal(['bytes', '3', 'ms']);
    const { shown: inJson } = make({ json: true });
    const { metrics } = JSON.parse(await inJson('wait:7|ms', 'x.bytes:7|ms', 'items:7|h|#a:b')) as {
      metrics: (Summary & { unit?: string })[];
    };
    expect(metrics.map(({ name, unit }) => [name, unit])).to.deep.equal([
      ['wait', 'ms'],
      ['x.bytes', 'bytes'],
      ['items{a=b}', undefined],
    ]);
  });

  it("has the header above the table, and the collector's own metrics nowhere else", async () => {
    const { shown } = make({ screen: screenOf(80, 24), header: () => ['what I say'] });
    const text = await shown('hits:1|c', 'afstatsd.collector.messages:1|c', 'afstatsd.client.sent:1|c');
    const lines = linesOn(text);
    expect(lines[0]).to.equal('what I say');
    expect(lines.slice(3).map((line) => line.split(/ +/)[1])).to.deep.equal(['hits', 'afstatsd.client.sent']);
  });

  for (const [columns, rows] of [
    [80, 24],
    [120, 40],
    [40, 10],
    [20, 6],
    [300, 100],
  ] as const) {
    it(`fits a terminal of ${columns} columns and ${rows} rows, and says how many rows there are more`, async () => {
      const warned = new Log(() => {});
      warned.warn(`the queue ${'is full '.repeat(40)}`);
      const header = (): string[] => ['afstatsd-collector '.repeat(20), 'in', 'out'];
      const { shown } = make({ screen: screenOf(columns, rows, true), log: warned, header });
      const text = await shown(
        ...Array.from({ length: 120 }, (_, i): Decoded => {
          const tags: [string, string][] = [
            ['method', 'get'],
            ['route', '/接口/:id'],
            ['status', `${i}xx`],
          ];
          return { type: 'timer', name: 'http.request', tags, values: [i, i * 1234.5678], rate: 1 };
        }),
      );
      const lines = linesOn(text);
      expect(lines).to.have.length.at.most(rows - 1);
      expect(Math.max(...lines.map(displayWidth))).to.be.at.most(columns);
      const table = lines.filter((line) => line.startsWith('timer'));
      const more = lines.map((line) => /^… and (\d+) more$/.exec(line)).find((match) => match !== null);
      expect(table.length + Number(more?.[1])).to.equal(120);
      if (rows >= 24) expect(lines.at(-1)).to.match(/^\d\d:\d\d:\d\d wa/);
      // The tags at the end of a name tell series apart, so names are cut in their middle.
      if (columns >= 80) for (const line of table) expect(line).to.match(/\d+xx\}? +\d.* ms$/);
    });
  }

  it('is drawn over the last table, without clearing the screen, and again when its size changes', async () => {
    const screen = screenOf(80, 24);
    let all = '';
    const { output, shown } = make({ screen, write: (more) => (all += more) });
    await output.start();
    await shown('hits:1|c');
    expect(all.split('\u001B[2J')).to.have.length(2);
    await shown('hits:2|c');
    expect(all.split('\u001B[2J')).to.have.length(2);
    screen.resize(30);
    expect(all.split('\u001B[2J')).to.have.length(3);
    expect(linesOn(all).at(-1)).to.match(/^counter  hits +2/);
    await output.close(1000);
    const before = all;
    screen.resize(80);
    expect(all).to.equal(before);
  });

  it('says on which inputs it waits until the first metric comes, and has no table of zeros', async () => {
    const { shown } = make({ header: () => ['I'] });
    const own = 'afstatsd.collector.messages:0|c';
    expect(await shown(own)).to.equal('I\n\nwaiting for metrics on queue /q and UDP 127.0.0.1:8125\n\n');
    expect(await shown(own)).to.equal('');
    expect(await shown('hits:1|c')).to.match(/^counter  hits +1/m);
    expect(await shown(own)).to.include('no metrics came in this interval');
    const { shown: onScreen } = make({ screen: screenOf(80, 24) });
    for (let i = 0; i < 2; i++) expect(await onScreen(own)).to.include('waiting for metrics on queue /q');
  });

  it('has colours where the terminal has, and the last three warnings below the table', async () => {
    for (const hasColors of [true, false]) {
      const log = new Log(() => {});
      for (let i = 0; i < 5; i++) log.warn(`number ${i}`);
      const { shown } = make({ screen: screenOf(80, 24, hasColors), log });
      const text = await shown('hits:1|c');
      expect(text.includes('\u001B[33m')).to.equal(hasColors);
      expect(
        linesOn(text)
          .slice(-3)
          .map((line) => line.slice('12:00:00 '.length)),
      ).to.deep.equal(['warning: number 2', 'warning: number 3', 'warning: number 4']);
    }
  });

  it('shows 50 rows where there is no screen, and how many more there are', async () => {
    const { shown } = make();
    const text = await shown(...Array.from({ length: 60 }, (_, i) => `m${i}:1|c`));
    expect(text.match(/^counter/gm)).to.have.length(49);
    expect(text).to.include('… and 11 more');
  });

  it('prints one JSON object a flush with --json, with every metric in it', async () => {
    const { shown } = make({ json: true, screen: screenOf(80, 24) });
    const text = await shown(...Array.from({ length: 5000 }, (_, i) => `m${i}:1|c`));
    expect(text.match(/\n/g)).to.have.length(1);
    const { time, metrics } = JSON.parse(text) as { time: string; metrics: Summary[] };
    expect(new Date(time).toISOString()).to.equal(time);
    expect(metrics).to.have.length(5000);
    expect(metrics[0]).to.deep.equal({ type: 'counter', name: 'm0', value: 1 });
  });

  it('begins anew with each flush', async () => {
    const { shown } = make({ json: true });
    await shown('hits:1|c::wait:5|ms');
    const { counters, timers } = arrivedIn(await shown('hits:2|c'));
    expect([counters, timers]).to.deep.equal([{ hits: 2 }, {}]);
  });

  it('shows what is left when it is closed, and counts what comes later as lost', async () => {
    let text = '';
    const { output } = make({ json: true, write: (more) => (text += more) });
    output.ingest({ type: 'counter', name: 'hits', value: 1, rate: 1 });
    await output.close(1000);
    expect(arrivedIn(text).counters).to.deep.equal({ hits: 1 });
    output.ingest({ type: 'counter', name: 'hits', value: 1, rate: 1 });
    expect(output.stats()).to.deep.include({ recorded: 1, sent: 1, errors: 0 });
    expect(output.stats().dropped).to.include({ rejected: 1 });
  });

  it('holds no more metrics than its limit, and counts the samples of the others', async () => {
    const { output, warnings, shown } = make({ json: true, maxMetrics: 100 });
    const text = await shown(...Array.from({ length: 5000 }, (_, i) => `m${i}:1|c`));
    expect(Object.keys(arrivedIn(text).counters)).to.have.length(100);
    expect(output.stats().dropped).to.include({ cardinality: 4900 });
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/console: .*maxMetrics/);
  });

  it('adds up as long as what it wrote before has not been read', async () => {
    let busy = false;
    const { output, shown } = make({ json: true, busy: () => busy });
    expect(arrivedIn(await shown('hits:1|c')).counters).to.deep.equal({ hits: 1 });
    busy = true;
    output.ingest({ type: 'counter', name: 'hits', value: 2, rate: 1 });
    await output.flush(20);
    expect(await shown('hits:3|c')).to.equal('');
    busy = false;
    expect(arrivedIn(await shown('hits:4|c')).counters).to.deep.equal({ hits: 9 });
  });

  it('shows no character that would steer a terminal, whatever name or tag it gets', async () => {
    const nasty = fc.string({
      unit: fc.constantFrom(
        'a',
        '\u001B',
        '\u0000',
        '\r',
        '\n',
        '\u007F',
        '\u009B',
        '\u202E',
        '\u200B',
        '\uD800',
        '{',
      ),
      minLength: 1,
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(nasty, nasty, nasty, async (name, key, value) => {
        const { shown } = make();
        const text = await shown(
          { type: 'counter', name, tags: [[key, value]], value: 1, rate: 1 },
          { type: 'timer', name, values: [1], rate: 1 },
          { type: 'set', name, members: [value] },
          { type: 'gauge', name, value: 1 },
        );
        expect(text.replaceAll('\n', '')).not.to.match(/[\p{Cc}\p{Cf}\p{Cs}]/u);
        expect(text.match(/\n/g)).to.have.length(7);
      }),
      { numRuns: 50 },
    );
  });

  it('prints JSON that can be read, for the most absurd numbers', async () => {
    const { shown } = make({ json: true });
    const text = await shown(
      'big:1e308|g',
      'wait:1e308,1e308,-1e308|ms',
      'c:1e308:1e308|c',
      'd:9007199254740991|c',
    );
    const { gauges, counters, timers } = arrivedIn(text);
    expect(gauges).to.deep.equal({ big: 1e308 });
    expect(counters).to.deep.equal({ d: 9_007_199_254_740_991 });
    expect(timers['wait']).to.include({ count: 3, min: -1e308, max: 1e308 });
  });
});
