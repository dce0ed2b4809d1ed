import { decodeLines } from '@afstatsd/core';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { GaugeValues } from '../src/gauge-values.js';

const NOW = 1_700_000_600; // Unix seconds

/** The values that lines come out as; each line arrives at the second that stands before it, or at NOW. */
function resolved(lines: readonly string[], negative?: 'absolute' | 'change'): number[] {
  let now = NOW;
  const gauges = new GaugeValues(100, () => now * 1000 + 500);
  if (negative !== undefined) gauges.negative = negative;
  return lines.flatMap((text) => {
    const [, at, line = text] = /^(\d+) (.*)$/s.exec(text) ?? [];
    now = at === undefined ? NOW : Number(at);
    return decodeLines(line).metrics.map((metric) => {
      if (metric.type !== 'gauge') throw new Error(`${line} is a ${metric.type}`);
      const gauge = gauges.resolve(metric);
      expect(gauge).not.to.have.property('signed');
      return gauge.value;
    });
  });
}

describe('the value of a gauge', () => {
  it('is -5 however often it is set to -5 by a client of Datadog’s kind, whatever says that it is one', () => {
    for (const field of ['#', '#a:b', 'c:ci-1', 'e:it-false', 'card:low', `T${NOW}`])
      expect(resolved(['g:20|g', `g:-5|g|${field}`, `g:-5|g|${field}`]).slice(1), field).to.deep.equal([
        -5, -5,
      ]);
    expect(resolved(['g:20|g', 'g:1:-5|g', 'g:1:-5|g'])).to.deep.equal([20, -5, -5]);
    expect(resolved(['g:20|g', `g:-5|g|${NOW}`, `g:-5|g|${NOW}`])).to.deep.equal([20, -5, -5]);
  });

  it('is -5 however often our own formats write it, to which a 0 belongs', () => {
    const formats = [
      (value: number) => `g:${value}|g`,
      (value: number) => `g:${value}|g|#a:b`,
      (value: number) => `g,a=b:${value}|g`,
    ];
    for (const line of formats) {
      const written = `${line(0)}\n${line(-5)}`;
      expect(resolved([line(20), written, written, written])).to.deep.equal([20, 0, -5, 0, -5, 0, -5]);
    }
  });

  it('falls by 5 with a minus and nothing else, as at etsy’s statsd; an option says that it is -5', () => {
    expect(resolved(['g:20|g', 'g:-5|g', 'g:-5|g'])).to.deep.equal([20, 15, 10]);
    expect(resolved(['g:20|g', 'g:-5|g', 'g:-5|g'], 'absolute')).to.deep.equal([20, -5, -5]);
  });

  it('rises by 5 with a plus, also with tags, and whatever the option says', () => {
    for (const negative of ['change', 'absolute'] as const) {
      expect(resolved(['g:+5|g', 'g:+5|g'], negative)).to.deep.equal([5, 10]);
      expect(resolved(['g:+5|g|#a:b', 'g:+5|g|#a:b', 'g:+0|g|#a:b'], negative)).to.deep.equal([5, 10, 10]);
    }
  });

  it('goes by changes from the first plus on, as with the gaugeDelta of hot-shots', () => {
    for (const negative of ['change', 'absolute'] as const) {
      for (const tags of ['', '|#a:b', '|#a:b|c:ci-1']) {
        const lines = [`g:+5|g${tags}`, `g:-3|g${tags}`, `g:-3|g${tags}`, `g:7|g${tags}`, `g:-1|g${tags}`];
        expect(resolved(lines, negative), tags).to.deep.equal([5, 2, -1, 7, 6]);
      }
    }
    // Other tags make another gauge.
    expect(resolved(['g:+5|g|#a:b', 'g:-3|g|#a:c'])).to.deep.equal([5, -3]);
    // A time makes a value absolute even there.
    expect(resolved(['g:+5|g', `g:-3|g|T${NOW}|#`, `g:-3|g|${NOW}`])).to.deep.equal([5, -3, -3]);
  });

  it('is passed on with its change as long as nobody has set it, because a server behind may know it', () => {
    const gauges = new GaugeValues(100, () => NOW * 1000);
    const resolve = (line: string): unknown => {
      const [metric] = decodeLines(line).metrics;
      const { value, change } = gauges.resolve(metric as Parameters<GaugeValues['resolve']>[0]);
      return [value, change];
    };
    expect(['g:+5|g', 'g:-3|g', 'g:+0|g', 'g:-3|g'].map(resolve)).to.deep.equal([
      [5, 5],
      [2, -3],
      [2, 0],
      [-1, -3],
    ]);
    expect(['g:10|g', 'g:+5|g', 'g:-3|g'].map(resolve)).to.deep.equal([
      [10, undefined],
      [15, undefined],
      [12, undefined],
    ]);
    // A value that was set before a change came, and arrives after it, is the first that is known.
    expect(['h:+5|g', `h:7|g|T${NOW - 60}`].map(resolve)).to.deep.equal([
      [5, 5],
      [7, undefined],
    ]);
  });

  it('is the one that was set later, not the one that came later', () => {
    expect(resolved([`g:9|g|T${NOW - 1}`, `g:5|g|T${NOW - 69}`])).to.deep.equal([9, 9]);
    expect(resolved([`g:5|g|T${NOW - 69}`, `g:9|g|T${NOW - 1}`])).to.deep.equal([5, 9]);
    expect(resolved([`g:9|g|${NOW - 1}`, `g:5|g|T${NOW - 69}`])).to.deep.equal([9, 9]);
    expect(resolved([`g:9|g|T${NOW - 1}`, `g:5|g|T${NOW - 1}`])).to.deep.equal([9, 5]);
  });

  it('that several repeat is the one that was set last, and after its end the one that still is repeated', () => {
    const repeat = (value: number, set: number): string => `g:${value}|g|T${NOW + set}|every:60`;
    // Two processes: 1 was set at second 0, and 2 at second 10.
    expect(resolved([`${NOW} ${repeat(1, 0)}`, `${NOW + 10} ${repeat(2, 10)}`])).to.deep.equal([1, 2]);
    const both = [60, 70, 120, 130].map(
      (at) => `${NOW + at} ${at % 60 === 0 ? repeat(1, 0) : repeat(2, 10)}`,
    );
    expect(resolved([`${NOW + 10} ${repeat(2, 10)}`, ...both])).to.deep.equal([2, 2, 2, 2, 2]);
    // The second one ends. The first one goes on, each minute.
    const alone = [60, 120, 180, 240, 300, 360, 420].map((at) => `${NOW + at} ${repeat(1, 0)}`);
    expect(resolved([`${NOW + 10} ${repeat(2, 10)}`, ...alone])).to.deep.equal([2, 2, 2, 2, 2, 2, 1, 1]);
    // A value without repeats stays the last one, however long it is.
    const later = [60, 400, 4_000].map((at) => `${NOW + at} ${repeat(1, 0)}`);
    expect(resolved([`${NOW + 10} g:2|g`, ...later])).to.deep.equal([2, 2, 2, 2]);
  });

  it('goes on with the time at which it was set, and whether it is repeated', () => {
    const gauges = new GaugeValues(100, () => NOW * 1000);
    const resolve = (line: string): unknown =>
      gauges.resolve(decodeLines(line).metrics[0] as Parameters<GaugeValues['resolve']>[0]);
    const gauge = { type: 'gauge', name: 'g', value: 5 };
    expect(resolve(`g:5|g|T${NOW - 9}`)).to.deep.equal({ ...gauge, timestamp: NOW - 9 });
    expect(resolve(`g:5|g|T${NOW - 9}|every:60`)).to.deep.equal({ ...gauge, timestamp: NOW - 9, every: 60 });
    expect(resolve(`g:3|g|T${NOW - 20}|every:60`)).to.deep.equal({ ...gauge, timestamp: NOW - 9, every: 60 });
    expect(resolve(`g:5|g|T${NOW + 999}`)).to.deep.equal({ ...gauge, timestamp: NOW });
    expect(resolve('g:5|g')).to.deep.equal(gauge);
  });

  it('without a time was set when it arrived', () => {
    expect(resolved(['g:9|g', `g:5|g|T${NOW - 1}`])).to.deep.equal([9, 9]);
    expect(resolved(['g:9|g', `g:5|g|T${NOW}`])).to.deep.equal([9, 5]);
    expect(resolved([`g:9|g|T${NOW - 1}`, 'g:5|g'])).to.deep.equal([9, 5]);
    expect(resolved([`g:9|g|T${NOW - 1}`, 'g:+5|g', `g:1|g|T${NOW - 2}`])).to.deep.equal([9, 14, 14]);
  });

  it('with a time in the future counts as set now, so that no wrong clock holds it fast', () => {
    expect(resolved([`g:9|g|T${NOW + 86_400}`, 'g:5|g', `g:6|g|T${NOW}`])).to.deep.equal([9, 5, 6]);
    expect(resolved(['g:9|g|T9999999999999', `g:6|g|T${NOW}`])).to.deep.equal([9, 6]);
  });

  it('is not held fast when the clock of the collector is set back', () => {
    expect(
      resolved([`${NOW} g:9|g`, `${NOW - 3600} g:5|g`, `${NOW - 3600} g:6|g|T${NOW - 3600}`]),
    ).to.deep.equal([9, 5, 6]);
  });
});
