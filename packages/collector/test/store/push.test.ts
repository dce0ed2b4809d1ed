import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { decodeLines } from '@afstatsd/core';
import { until, useCleanup } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Log } from '../../src/log.js';
import { PushOutput } from '../../src/store/push.js';
import { closed, listening } from '../support/listening.js';

describe('push output', () => {
  const later = useCleanup();

  async function setUp(env: NodeJS.ProcessEnv = {}) {
    const pages: string[] = [];
    const requests: IncomingMessage[] = [];
    const lines: string[] = [];
    const store = { status: 204 };
    const server = createServer((request, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        requests.push(request);
        if (store.status < 300) pages.push(String(gunzipSync(Buffer.concat(chunks))));
        response.writeHead(store.status).end();
      });
    });
    const port = await listening(server);
    const output = new PushOutput({
      url: `http://127.0.0.1:${port}/import?extra_label=a%3Db`,
      interval: 3_600_000,
      maxMetrics: 1000,
      expire: {},
      globalTags: [['host', 'web1']],
      log: new Log((line) => lines.push(line.replace('afstatsd-collector: ', ''))),
      env,
    });
    await output.start();
    later(async () => {
      await output.close(1000);
      await closed(server);
    });
    const record = (text: string): void => {
      for (const metric of decodeLines(text).metrics) output.ingest(metric);
    };
    return { output, store, pages, requests, lines, record };
  }

  const valuesOf = (page: string): string[] => page.split('\n').filter((line) => /^\w/.test(line));

  it('pushes totals with the names of Prometheus, and a new series as 0 first', async () => {
    const { output, pages, requests, record } = await setUp({
      AFSTATSD_COLLECTOR_PUSH_HEADERS: 'X-Scope-OrgID=shop',
    });
    record('hits:3|c|#route:/a\nlevel:7|g');
    await output.flush(5000);
    record('hits:2|c|#route:/a\nhits:1|c|#host:own');
    await output.flush(5000);
    await output.flush(5000);
    expect(pages.map((page) => valuesOf(page).sort())).to.deep.equal([
      ['hits_total{host="web1",route="/a"} 0', 'level{host="web1"} 7'],
      ['hits_total{host="own"} 0', 'hits_total{host="web1",route="/a"} 5', 'level{host="web1"} 7'],
      ['hits_total{host="own"} 1', 'hits_total{host="web1",route="/a"} 5', 'level{host="web1"} 7'],
    ]);
    expect(requests[0]!.url).to.equal('/import?extra_label=a%3Db');
    expect(requests[0]!.headers).to.include({ 'x-scope-orgid': 'shop', 'content-encoding': 'gzip' });
  });

  it('pushes the values of new series at its end, after their 0', async () => {
    const { output, pages, record } = await setUp();
    record('hits:3|c');
    await output.close(5000);
    expect(pages.map(valuesOf)).to.deep.equal([['hits_total{host="web1"} 0'], ['hits_total{host="web1"} 3']]);
    expect(output.stats()).to.include({ recorded: 1, sent: 1 });
    expect(output.stats().dropped).to.deep.equal({ cardinality: 0, ended: 0 });
  });

  it('says once that it fails and that it works again, and loses nothing', async () => {
    const { output, store, pages, lines, record } = await setUp();
    store.status = 503;
    record('hits:3|c');
    for (let round = 0; round < 3; round++) await output.flush(5000);
    expect(output.stats()).to.include({ sent: 0, errors: 3 });
    store.status = 200;
    await output.flush(5000);
    expect(valuesOf(pages.at(-1)!)).to.deep.equal(['hits_total{host="web1"} 0']);
    await output.flush(5000);
    expect(valuesOf(pages.at(-1)!)).to.deep.equal(['hits_total{host="web1"} 3']);
    expect(lines).to.have.length(2);
    expect(lines[0]).to.match(/^warning: push http:\/\/127\.0\.0\.1:\d+\/import fails: HTTP status 503; /);
    expect(lines[1]).to.match(/ works again$/);
    expect(output.stats()).to.include({ sent: 1 });
  });

  it('ends in time, and counts what a store that is away has not got', async () => {
    const { output, store, lines, record } = await setUp();
    store.status = 500;
    record('hits:3|c');
    await output.close(2000);
    expect(output.stats().dropped).to.deep.equal({ cardinality: 0, ended: 1 });
    await until('it is said', () => lines.some((line) => line.includes('has not taken the last page')));
  });
});
