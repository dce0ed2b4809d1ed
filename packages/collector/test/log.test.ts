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
});
