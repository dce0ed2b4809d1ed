import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Log } from '../src/log.js';

describe("the collector's log", () => {
  it('is a line for each message, with its level', () => {
    const lines: string[] = [];
    const log = new Log((line) => lines.push(line));
    log.info('ready');
    log.warn('full');
    log.error('gone');
    expect(lines).to.deep.equal([
      'afstatsd-collector: ready',
      'afstatsd-collector: warning: full',
      'afstatsd-collector: error: gone',
    ]);
  });

  it('passes no control character of a quoted name on, C1 ones and those that turn the direction included', () => {
    const lines: string[] = [];
    new Log((line) => lines.push(line)).warn('name "\u001B[2J\u007F\u009B31m\u202E\n" é 漢');
    expect(lines).to.deep.equal(['afstatsd-collector: warning: name "?[2J??31m??" é 漢']);
  });

  it('says five warnings of a kind, and then how many more there were', () => {
    const lines: string[] = [];
    const log = new Log((line) => lines.push(line));
    for (let i = 1; i <= 1000; i++) log.warn(`report: ${i}`, 'report');
    for (let i = 1; i <= 7; i++) log.warn('the same');
    log.info('ready');
    log.flush();
    log.warn('report: 1001', 'report');
    log.flush();
    const of = (text: string): string => `afstatsd-collector: warning: ${text}`;
    expect(lines).to.deep.equal([
      ...[1, 2, 3, 4, 5].map((i) => of(`report: ${i}`)),
      ...[1, 2, 3, 4, 5].map(() => of('the same')),
      'afstatsd-collector: ready',
      of('report: and 995 more within 10 s'),
      of('the same: and 2 more within 10 s'),
      of('report: 1001'),
    ]);
  });

  it('says no more than a bounded number of lines of bounded length, whatever texts come', () => {
    const lines: string[] = [];
    const log = new Log((line) => lines.push(line));
    for (let i = 0; i < 10_000; i++) log.warn(`${i} ${'x'.repeat(10_000)}`);
    log.flush();
    expect(lines).to.have.length.below(110);
    expect(lines.at(-1)).to.equal('afstatsd-collector: warning: other warnings: and 9895 more within 10 s');
    expect(Math.max(...lines.map((line) => line.length))).to.be.below(2_100);
  });
});
