import { expect } from 'chai';
import { CHUNK_BYTES } from '../../src/page/chunks.js';
import { type Family, HistogramFamily, NumberFamily } from '../../src/page/family.js';
import { textOf, writeNumber } from '../../src/page/number.js';
import { textPage } from '../../src/page/text-page.js';
import { parseExposition } from '@afstatsd/testing';

interface TestSeries {
  value: number;
  isHeld: boolean;
  isGone: boolean;
}

const number = (value: number): TestSeries => ({ value, isHeld: false, isGone: false });
const histogram = (...counts: number[]) => ({
  counts,
  count: counts.reduce((sum, one) => sum + one, 0),
  sum: 1.5,
  exponential: undefined,
  isHeld: false,
  isGone: false,
});
const pageOf = (
  families: readonly Family[],
  format: 'text' | 'openmetrics' = 'text',
  isHolding = false,
): string => {
  const chunks = [...textPage(families, { format, isHolding })];
  expect(chunks.map(({ isLast }) => isLast).indexOf(true)).to.equal(chunks.length - 1);
  return Buffer.concat(chunks.map(({ bytes }) => bytes)).toString();
};

describe('a page as text', () => {
  const hits = (...values: number[]): NumberFamily => {
    const family = new NumberFamily('counter', { name: 'hits_total', help: 'all\nhits \\ "x"' });
    for (const [at, value] of values.entries())
      family.add(at === 0 ? [] : [['at', `${at}`]], number(value), 0);
    return family;
  };
  const login = (): HistogramFamily => {
    const family = new HistogramFamily({ name: 'login_seconds', help: 'h' }, [0.25, 1], 'seconds');
    family.add([], histogram(1, 2, 3), 0);
    family.add([['a', 'b\n"\\']], histogram(0, 0, 1), 0);
    return family;
  };

  it('has counters, gauges and histograms', () => {
    expect(pageOf([hits(3, 4), login()])).to.equal(
      [
        String.raw`# HELP hits_total all\nhits \\ "x"`,
        '# TYPE hits_total counter',
        'hits_total 3',
        'hits_total{at="1"} 4',
        '# HELP login_seconds h',
        '# TYPE login_seconds histogram',
        'login_seconds_bucket{le="0.25"} 1',
        'login_seconds_bucket{le="1"} 3',
        'login_seconds_bucket{le="+Inf"} 6',
        'login_seconds_sum 1.5',
        'login_seconds_count 6',
        String.raw`login_seconds_bucket{a="b\n\"\\",le="0.25"} 0`,
        String.raw`login_seconds_bucket{a="b\n\"\\",le="1"} 0`,
        String.raw`login_seconds_bucket{a="b\n\"\\",le="+Inf"} 1`,
        String.raw`login_seconds_sum{a="b\n\"\\"} 1.5`,
        String.raw`login_seconds_count{a="b\n\"\\"} 1`,
        '',
      ].join('\n'),
    );
  });

  it('is OpenMetrics, too: counters named without their suffix, units, and an end', () => {
    const lines = pageOf([hits(3), login()], 'openmetrics').split('\n');
    expect(lines.filter((line) => line.startsWith('#'))).to.deep.equal([
      '# TYPE hits counter',
      String.raw`# HELP hits all\nhits \\ \"x\"`,
      '# TYPE login_seconds histogram',
      '# UNIT login_seconds seconds',
      '# HELP login_seconds h',
      '# EOF',
    ]);
    expect(lines.at(-1)).to.equal('');
    expect(lines).to.include('hits_total 3').and.include('login_seconds_bucket{le="1"} 3');
  });

  it('gives no two families of OpenMetrics one name', () => {
    const gauge = new NumberFamily('gauge', { name: 'hits', help: 'h' });
    gauge.add([], number(1), 0);
    const page = pageOf([hits(3), gauge], 'openmetrics');
    expect(page).to.include('# TYPE hits_total unknown\n').and.include('# TYPE hits gauge\n');
  });

  it('has a valid page without metrics', () => {
    expect(parseExposition(pageOf([])).samples).to.deep.equal([]);
    expect(pageOf([], 'openmetrics')).to.equal('# EOF\n');
  });

  it('shows what is held as 0 if it is asked to', () => {
    const series = { ...number(7), isHeld: true };
    const family = new NumberFamily('counter', { name: 'hits_total', help: 'h' });
    family.add([], series, 0);
    const times = login();
    Object.assign(times.block.series[0]!, { isHeld: true });
    expect(pageOf([family])).to.include('hits_total 7\n');
    const held = pageOf([family, times], 'text', true);
    expect(held).to.include('hits_total 0\n').and.include('login_seconds_sum 0\n');
    expect(held).to.include('login_seconds_bucket{le="+Inf"} 0\n').and.include('login_seconds_count 0\n');
  });

  it('is in chunks, none of which cuts a series, whatever their lengths', () => {
    const families = Array.from({ length: 50 }, (_, family) => {
      const one = new HistogramFamily({ name: `f${family}_seconds`, help: 'h'.repeat(family * 100) }, [1, 2]);
      for (let at = 0; at < 40; at++) {
        one.add([['label', `${at} ${'é"'.repeat(family * at)}`]], histogram(at, family, 1), 0);
      }
      return one;
    });
    const chunks = [...textPage(families, { format: 'text', isHolding: false })].map(({ bytes }) => bytes);
    expect(chunks.length).to.be.above(30);
    // Each ends with a series, or with the head of a family.
    for (const bytes of chunks) {
      expect(Buffer.from(bytes).toString()).to.match(
        /(?:\n[^\n]*_count\{[^\n]*\} \d+|# TYPE \S+ histogram)\n$/,
      );
    }
    const { samples } = parseExposition(Buffer.concat(chunks).toString());
    expect(samples).to.have.length(50 * 40 * 5);
    expect(Math.max(...chunks.map(({ length }) => length))).to.be.at.most(CHUNK_BYTES);
  });

  it('has a series whose lines are longer than a chunk', () => {
    const bounds = Array.from({ length: 2000 }, (_, at) => at + 1);
    const family = new HistogramFamily({ name: 'size', help: 'h' }, bounds);
    family.add([['a', 'b'.repeat(500)]], histogram(...bounds, 1), 0);
    expect(parseExposition(pageOf([hits(1), family, hits(2)].slice(0, 2))).samples).to.have.length(2004);
  });

  it('goes on where it was when series come and go meanwhile', () => {
    const family = new NumberFamily('gauge', { name: 'depth', help: 'h' });
    const series = Array.from({ length: 20_000 }, (_, at) => number(at));
    for (const [at, one] of series.entries()) family.add([['at', `${at}`]], one, 0);
    const page = textPage([family], { format: 'text', isHolding: false });
    let text = Buffer.from((page.next().value as { bytes: Uint8Array }).bytes).toString();
    for (const [at, one] of series.entries()) if (at % 2 === 1) one.isGone = true;
    family.compact();
    family.add([['at', 'new']], number(1), 0);
    for (const { bytes } of page) text += Buffer.from(bytes).toString();
    const shown = parseExposition(text).samples.map(({ labels }) => Number(labels['at']));
    expect(shown.filter((at) => at % 2 === 0)).to.have.length(10_000);
    expect(shown).to.deep.equal([...shown].sort((a, b) => a - b));
    const next = parseExposition(pageOf([family])).samples;
    expect(next).to.have.length(10_001);
    expect(next.at(-1)).to.deep.include({ labels: { at: 'new' } });
  });

  it('leaves out a family whose series have all gone', () => {
    const family = hits(1, 2);
    for (const one of family.block.series as TestSeries[]) one.isGone = true;
    family.compact();
    expect(pageOf([family, login()])).not.to.include('hits');
  });
});

describe('a number on a page', () => {
  it('has the text that JavaScript gives it, and the infinities have those of Prometheus', () => {
    const into = Buffer.alloc(40);
    const values = [0, -0, 7, 10, 999_999_999, 1e9, 123_456_789_012, 2 ** 53, 0.1, -5, 1e21, 5e-324, -1e300];
    for (const value of values) {
      expect(into.toString('latin1', 0, writeNumber(into, 0, value))).to.equal(String(value));
    }
    expect([Infinity, -Infinity, NaN].map(textOf)).to.deep.equal(['+Inf', '-Inf', 'NaN']);
  });
});
