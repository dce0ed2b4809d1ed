import { expect } from 'chai';
import { describe, it } from 'mocha';
import { checkHeaders, readHeaders } from '../../src/config/headers.js';
import { ConfigError, loadConfig } from '../../src/config/load.js';

describe('headers in a variable', () => {
  it('are read as OpenTelemetry has them', () => {
    expect(readHeaders(' Authorization=Token%20a%2Cb==, X-Scope-OrgID=shop ,')).to.deep.equal({
      Authorization: 'Token a,b==',
      'X-Scope-OrgID': 'shop',
    });
    expect(readHeaders('')).to.deep.equal({});
  });

  for (const text of [
    'secret',
    '=secret',
    'a b=secret',
    'a=secret%zz',
    'a=secret%0d%0ab:c',
    'a=secret\u20ac',
  ]) {
    it(`are refused as ${JSON.stringify(text)}, and not shown`, () => {
      const env = { AFSTATSD_COLLECTOR_INFLUX_HEADERS: text };
      expect(() => loadConfig(['--influx', 'http://127.0.0.1:8086/write'], env))
        .to.throw(ConfigError, /^AFSTATSD_COLLECTOR_INFLUX_HEADERS must be headers such as /)
        .with.property('message')
        .that.does.not.include('secret');
    });
  }

  it('have to be there if a URL names their variable', () => {
    const urls = { influx: [], push: ['http://127.0.0.1:8428/x#headers=VM_HEADERS'] };
    expect(() => checkHeaders(urls, {})).to.throw(ConfigError, 'VM_HEADERS');
    expect(() => checkHeaders(urls, { VM_HEADERS: '' })).not.to.throw();
    expect(() => checkHeaders({ influx: [], push: ['http://127.0.0.1:8428/x'] }, {})).not.to.throw();
  });

  it('are variables that are known', () => {
    const env = { AFSTATSD_COLLECTOR_PUSH_HEADERS: '', AFSTATSD_COLLECTOR_PUSH_HEADER: '' };
    const { warnings } = loadConfig([], env);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include('AFSTATSD_COLLECTOR_PUSH_HEADER (did you mean');
  });
});
