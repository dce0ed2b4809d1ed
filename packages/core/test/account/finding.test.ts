import { expect } from 'chai';
import { type Finding, Findings } from '../../src/account/finding.js';

const finding = (metric: string, place = '/app/a.js:1:2'): Finding => ({
  kind: 'growth',
  metric,
  route: '',
  text: '',
  place,
});

describe('the findings of a client', () => {
  it('are the latest 20, one of each subject, the newest first', () => {
    const findings = new Findings();
    for (let at = 0; at < 50; at++) findings.add(finding(`m${at}`));
    findings.add(finding('m40', '/app/b.js:3:4'));
    const latest = findings.latest(Infinity);
    expect(latest).to.have.length(20);
    expect(latest[0]).to.deep.equal(finding('m40', '/app/b.js:3:4'));
    expect(latest[1]).to.deep.equal(finding('m49'));
    expect(new Set(latest.map(({ metric }) => metric)).size).to.equal(20);
  });

  it('are as many as there is room for, with texts that a report can have', () => {
    const findings = new Findings();
    for (let at = 0; at < 5; at++)
      findings.add(finding('x'.repeat(400) + at, `${'/long'.repeat(100)}/a.js:1:2`));
    expect(findings.latest(1_000)).to.have.length(1);
    expect(findings.latest(100)).to.deep.equal([]);
    const [{ metric, place } = finding('')] = findings.latest(1_000);
    expect(metric).to.have.length(300);
    expect(place)
      .to.have.length(300)
      .and.match(/a\.js:1:2$/);
  });
});
