import { expect } from 'chai';
import { parseBoolean, parseDuration } from '../../src/check/parse.js';

describe('a switch as text', () => {
  for (const text of ['1', 'true', 'True', 'YES', 'on']) {
    it(`is on as ${text}`, () => expect(parseBoolean(text)).to.equal(true));
  }
  for (const text of ['0', 'false', 'FALSE', 'no', 'Off']) {
    it(`is off as ${text}`, () => expect(parseBoolean(text)).to.equal(false));
  }
  for (const text of ['', 'maybe', '2', ' true', 'constructor', '__proto__']) {
    it(`is none as ${JSON.stringify(text)}`, () => expect(parseBoolean(text)).to.equal(undefined));
  }
});

describe('a duration as text', () => {
  const DURATIONS: Readonly<Record<string, number>> = {
    '0': 0,
    '0s': 0,
    '500ms': 500,
    '20s': 20_000,
    '1.5m': 90_000,
    '2h': 7_200_000,
  };
  for (const [text, ms] of Object.entries(DURATIONS)) {
    it(`is ${ms} ms as ${text}`, () => expect(parseDuration(text)).to.equal(ms));
  }
  for (const text of ['', '20', '-1s', '1 s', '1S', '.5s', '1e3ms', '20sec']) {
    it(`is none as ${JSON.stringify(text)}`, () => expect(parseDuration(text)).to.equal(undefined));
  }
});
