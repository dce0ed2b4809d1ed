import { type Decoded, decode } from '@afstatsd/core';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { Log } from '../../src/log.js';
import { ConsoleOutput, type ConsoleOptions } from '../../src/output/console.js';
import type { Summary } from '../../src/output/summary.js';
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
      refresh: false,
      write: (more) => (text += more),
      busy: () => false,
      header: () => [],
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

  it('shows a table, sorted by name, with tags and what matters of a timer', async () => {
    const { shown } = make();
    const text = await shown(
      'wait:10,5,7,100|ms::hits:3|c',
      'hits:1|c|#host:a',
      'users:a,b|s',
      'size:2.5|g|1795354531',
    );
    const table = text.split('\n').map((line) => line.replace(/ +/g, ' '));
    expect(table).to.deep.equal([
      'counter hits 3',
      'counter hits{host=a} 1',
      'gauge size 2.5',
      'set users 2',
      'timer wait 4 × min 5 mean 30.5 p50 7 p95 100 max 100 ms',
      '',
      '',
    ]);
  });

  it('stands below the header, and draws over the last table on a terminal', async () => {
    const { shown } = make({ refresh: true, header: () => ['what I say'] });
    const text = await shown('hits:1|c');
    expect(text.startsWith('\u001B[H\u001B[2J\nwhat I say\ncounter')).to.be.true;
  });

  it('shows 50 rows, and how many more there are', async () => {
    const { shown } = make();
    const text = await shown(...Array.from({ length: 60 }, (_, i) => `m${i}:1|c`));
    expect(text.match(/^counter/gm)).to.have.length(50);
    expect(text).to.include('… and 10 more');
  });

  it('prints one JSON object a flush with --json, with every metric in it', async () => {
    const { shown } = make({ json: true, refresh: true });
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
        expect(text.match(/\n/g)).to.have.length(5);
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
