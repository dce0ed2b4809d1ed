import { expect } from 'chai';
import * as fc from 'fast-check';
import { type ClientReport, clientReportLine, readClientReport } from '../../src/wire/client-report.js';
import { decode, decodeLines } from '../../src/wire/decode.js';

const REPORT: ClientReport = {
  id: '17-abc',
  service: 'storefront',
  instance: '',
  host: 'web1',
  pid: 17,
  thread: 2,
  recorded: 12,
  sent: 10,
  pending: 1,
  dropped: 1,
  rejected: 3,
  warnings: ['a name is empty: ""; the call is refused'],
  findings: [
    {
      kind: 'calls',
      metric: 'db.find',
      route: '/orders',
      text: 'route "/orders" ran',
      place: '/app/a.js:1:2',
    },
  ],
};

describe('the report of a client', () => {
  it('is a service check to everybody who reads lines, over the queue and over UDP', () => {
    const line = clientReportLine(REPORT);
    for (const read of [decode, decodeLines]) {
      expect(read(line)).to.deep.equal({ metrics: [], bad: [], events: [], serviceChecks: [line] });
    }
    expect(readClientReport(line)).to.deep.equal(REPORT);
  });

  it('holds any text in one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        const line = clientReportLine({ ...REPORT, service: text, warnings: [text] });
        expect(line.split(/[\n|]/)).to.have.length(4);
        expect(readClientReport(line)).to.deep.equal({ ...REPORT, service: text, warnings: [text] });
      }),
    );
  });

  for (const [what, change] of Object.entries({
    'without an id': { id: '' },
    'with a number for a name': { service: 5 },
    'with a count below zero': { sent: -1 },
    'with a fraction': { recorded: 1.5 },
    'with a count past all counts': { recorded: 1e300 },
    'with a text for a count': { pid: '17' },
    'with warnings that are no list': { warnings: 'all' },
    'with too many warnings': { warnings: Array.from({ length: 21 }, () => '') },
    'with findings that are no list': { findings: 'all' },
    'with a finding that is none': { findings: [null] },
    'with a finding without its place': { findings: [{ ...REPORT.findings[0], place: undefined }] },
    'with too many findings': { findings: Array.from({ length: 21 }, () => REPORT.findings[0]) },
    'with a text that is too long': { host: 'x'.repeat(301) },
  })) {
    it(`is none ${what}`, () => {
      const line = clientReportLine({ ...REPORT, ...(change as Partial<ClientReport>) });
      expect(readClientReport(line)).to.equal(undefined);
    });
  }

  it('is none that is no JSON, is too long, or is something else', () => {
    const begin = '_sc|afstatsd.client|0|m:';
    const others = ['null', '[]', '{', '"text"', `{"id":"${'x'.repeat(9_000)}"}`].map((json) => begin + json);
    for (const line of [...others, '_sc|other|0|m:{}', 'orders:1|c', ''])
      expect(readClientReport(line), line.slice(0, 60)).to.equal(undefined);
  });

  it('of an older client has no findings', () => {
    const line = clientReportLine({ ...REPORT, findings: undefined } as never);
    expect(readClientReport(line)).to.deep.equal({ ...REPORT, findings: [] });
  });

  it('keeps nothing that isn’t known', () => {
    const line = clientReportLine({ ...REPORT, more: 'x' } as ClientReport);
    expect(readClientReport(line)).to.deep.equal(REPORT);
  });
});
