import { closeSync, fstatSync, openSync } from 'node:fs';
import { expect } from 'chai';
import { logTime } from '../src/log-time.js';

describe('the time of a line of the log', () => {
  const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z $/;

  it('stands there, but on a terminal', () => {
    expect(logTime({ isTTY: false, fd: 2 }, {})()).to.match(TIME);
    expect(logTime({ fd: 2 }, {})()).to.match(TIME);
    expect(logTime({ isTTY: true, fd: 2 }, {})()).to.equal('');
  });

  it("isn't there in systemd's journal, which has its own, and is where a program of the journal's writes to a file", () => {
    const fd = openSync('/dev/null', 'w');
    try {
      const { dev, ino } = fstatSync(fd, { bigint: true });
      expect(logTime({ fd }, { JOURNAL_STREAM: `${dev}:${ino}` })()).to.equal('');
      expect(logTime({ fd }, { JOURNAL_STREAM: `${dev}:${ino + 1n}` })()).to.match(TIME);
      expect(logTime({ fd: 1_000_000 }, { JOURNAL_STREAM: `${dev}:${ino}` })()).to.match(TIME);
    } finally {
      closeSync(fd);
    }
  });
});
