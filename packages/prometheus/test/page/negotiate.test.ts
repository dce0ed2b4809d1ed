import { expect } from 'chai';
import { formatFor, takesGzip } from '../../src/page/negotiate.js';

describe('the format of a page', () => {
  const PROTOBUF =
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';

  for (const [who, accept, format] of [
    ['nobody in particular', undefined, 'text'],
    ['curl', '*/*', 'text'],
    ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text'],
    [
      'Prometheus 2.42',
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'openmetrics',
    ],
    [
      'Prometheus 2.42 with native histograms',
      `${PROTOBUF},application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
      'protobuf',
    ],
    [
      'Prometheus 3',
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,*/*;q=0.2',
      'openmetrics',
    ],
    ['VictoriaMetrics', 'text/plain;version=0.0.4;q=1,*/*;q=0.1', 'text'],
    ['somebody who prefers text', `${PROTOBUF};q=0.3,text/plain;q=0.7`, 'text'],
    [
      'somebody who wants protobuf as text',
      `${PROTOBUF.replace('delimited', 'text')},text/plain;q=0.1`,
      'text',
    ],
    ['somebody who refuses it', 'application/openmetrics-text;q=0', 'text'],
    ['somebody with a quality that is none', 'application/openmetrics-text;q=much', 'text'],
    ['somebody with nonsense', ';;,=,"', 'text'],
  ] as const) {
    it(`for ${who} is ${format}`, () => {
      expect(formatFor(accept)).to.equal(format);
    });
  }

  it('is gzip for those who take it', () => {
    const taken = ['gzip', 'gzip, deflate, br', 'br;q=1, GZIP;q=0.5', '*', 'x-gzip'];
    expect(taken.filter(takesGzip)).to.deep.equal(taken);
    const refused = [undefined, '', 'identity', 'br', 'gzip;q=0', '*;q=0', 'gzip;q=0, *;q=1'];
    expect(refused.filter(takesGzip)).to.deep.equal([]);
  });
});
