import { decodeLines } from '@afstatsd/core';
import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { InfluxLines, type InfluxOptions } from '../../src/store/influx-lines.js';
import { linesOf } from '../support/lines-of.js';

describe('lines for InfluxDB', () => {
  const makeClient = useClients();
  const write = (text: string, options: Partial<InfluxOptions> = {}): string[] => {
    const lines = new InfluxLines({ percentiles: [90, 99.9], globalTags: [], ...options });
    return linesOf(lines, makeClient({ transport: 'null:' }).statsd, decodeLines(text).metrics);
  };

  it("have the tags and fields of Telegraf's statsd input", () => {
    expect(
      write('hits:30|c|#b:2,a:1\nlevel:-2.5|g|T1\nusers:ann|s\nusers:bob|s\nlogin:10:20:30|ms'),
    ).to.have.members([
      'hits,a=1,b=2,metric_type=counter value=30 1700000000',
      'level,metric_type=gauge value=-2.5 1700000000',
      'users,metric_type=set value=2 1700000000',
      'login,metric_type=timing count=3,sum=60,lower=10,upper=30,mean=20,median=20,stddev=8.16496580927726,' +
        '90_percentile=30,99.9_percentile=30 1700000000',
    ]);
  });

  it('escape what separates, and have no empty value and no reserved key', () => {
    expect(write('GET /a, b=c:1|c|#k 1=x:v=1 2,solo,time:t,metric_type:m,win:C\\')).to.deep.equal([
      String.raw`GET\ /a\,\ b\=c,k\ 1\=x=v\=1\ 2,metric_type=counter,solo=_,tag_metric_type=m,tag_time=t,win=C_ value=1 1700000000`,
    ]);
    expect(write('#x:1|c')[0]).to.equal('_x,metric_type=counter value=1 1700000000');
  });

  it('add the tags of all, unless a metric has its own', () => {
    const globalTags = [['host', 'web 1']] as const;
    expect(write('hits:1|c|#z:1', { globalTags })).to.deep.equal([
      String.raw`hits,host=web\ 1,metric_type=counter,z=1 value=1 1700000000`,
    ]);
    expect(write('hits:1|c|#host:own', { globalTags })[0]).to.include(',host=own,');
  });

  it('leave out a sum that has run over', () => {
    const line = write('big:1e308:1e308|ms')[0];
    expect(line).to.match(/^big,metric_type=timing count=2,lower=1\d+,upper=1\d+,/);
    expect(line).not.to.match(/Infinity|NaN|sum|mean|stddev/);
  });
});
