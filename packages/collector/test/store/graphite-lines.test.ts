import { decodeLines } from '@afstatsd/core';
import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { GraphiteLines, type GraphiteOptions } from '../../src/store/graphite-lines.js';
import { linesOf } from '../support/lines-of.js';

describe('lines for Graphite', () => {
  const makeClient = useClients();
  const write = (text: string, options: Partial<GraphiteOptions> = {}): string[] => {
    const lines = new GraphiteLines({
      prefix: 'stats',
      tags: 'keep',
      percentiles: [90, 99.9],
      globalTags: [],
      ...options,
    });
    return linesOf(lines, makeClient({ transport: 'null:' }).statsd, decodeLines(text).metrics);
  };

  it("have the names of etsy's statsd", () => {
    expect(write('hits:30|c\nlevel:-2.5|g|T1\nusers:ann|s\nusers:bob|s\nlogin:10:20:30|ms')).to.have.members([
      'stats.counters.hits.count 30 1700000000',
      'stats.counters.hits.rate 3 1700000000',
      'stats.gauges.level -2.5 1700000000',
      'stats.sets.users.count 2 1700000000',
      'stats.timers.login.count 3 1700000000',
      'stats.timers.login.count_ps 0.3 1700000000',
      'stats.timers.login.sum 60 1700000000',
      'stats.timers.login.lower 10 1700000000',
      'stats.timers.login.upper 30 1700000000',
      'stats.timers.login.mean 20 1700000000',
      'stats.timers.login.median 20 1700000000',
      'stats.timers.login.std 8.16496580927726 1700000000',
      'stats.timers.login.upper_90 30 1700000000',
      'stats.timers.login.upper_99_9 30 1700000000',
    ]);
  });

  it('write tags after the name, sorted, none empty, and none called name', () => {
    expect(write('hits:1|c|#b:2,a:/x y,solo,name:n')[0]).to.equal(
      'stats.counters.hits.count;a=-x_y;b=2;solo=_;tag_name=n 1 1700000000',
    );
  });

  it('add the tags of all, unless a metric has its own', () => {
    const globalTags = [
      ['host', 'web.1'],
      ['a', 'all'],
    ] as const;
    expect(write('hits:1|c|#b:2,host:own', { globalTags })[0]).to.equal(
      'stats.counters.hits.count;a=all;b=2;host=own 1 1700000000',
    );
    expect(write('hits:1|c', { globalTags })[0]).to.equal(
      'stats.counters.hits.count;a=all;host=web.1 1 1700000000',
    );
  });

  it('fold tags into the name where they are told to, as the etsy format does', () => {
    expect(write('hits:1|c|#b:x.y,a:/api/users,service:shop', { tags: 'fold', prefix: 'web1' })[0]).to.equal(
      'web1.counters.hits.api-users.x-y.count 1 1700000000',
    );
  });

  it('add up metrics that have the same name there, which the store would keep one of', () => {
    expect(
      write('a/b:1|c\na-b:2|c\na..b:4|c\na.b:8|c').filter((line) => line.includes('.count ')),
    ).to.have.members(['stats.counters.a-b.count 3 1700000000', 'stats.counters.a.b.count 12 1700000000']);
  });

  it('have segments that are names of files', () => {
    const [line] = write(`a.${'x'.repeat(400)}.b:1|c`);
    const [path] = line!.split(' ');
    const segment = path!.split('.')[3]!;
    expect(segment).to.have.length(251);
    expect(segment).to.match(/^x{242}_[0-9a-f]{8}$/);
  });

  it('leave the prefix away where it is empty', () => {
    expect(write('hits:1|c', { prefix: '' })[0]).to.equal('counters.hits.count 1 1700000000');
  });

  it('can be read whatever names and tags hold', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
    const keep = new GraphiteLines({
      prefix: 'stats',
      tags: 'keep',
      percentiles: [],
      globalTags: [['host', ' ~']],
    });
    const fold = new GraphiteLines({ prefix: 'stats', tags: 'fold', percentiles: [], globalTags: [] });
    fc.assert(
      fc.property(
        text,
        fc.dictionary(text, fc.string({ unit: 'grapheme' }), { maxKeys: 4 }),
        (name, tags) => {
          const metric = { type: 'gauge', name, tags: Object.entries(tags), value: 1e-7 } as const;
          for (const lines of [keep, fold]) {
            for (const line of linesOf(lines, makeClient({ transport: 'null:' }).statsd, [metric])) {
              expect(line).to.match(/^[\w-]+(?:\.[\w-]+)*(?:;[\w.-]+=[\w.-]+)* 0\.0000001 \d+$/);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('count a fraction whole, and a counter that was announced as 0', () => {
    expect(write('a:0.1|c\na:0.2|c\nb:0|c')).to.include.members([
      'stats.counters.a.count 0.3 1700000000',
      'stats.counters.b.count 0 1700000000',
    ]);
  });
});
