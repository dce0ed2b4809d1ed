import { once } from 'node:events';
import { request } from 'node:http';
import type { Readable } from 'node:stream';
import { expect } from 'chai';
import { it } from 'mocha';
import type { Recorded } from './recorded.js';
import type { Site } from './sites.js';
import { until } from './until.js';

/** A middleware of HTTP as a test has it. */
export interface MiddlewareStage {
  /** What is recorded in the test under way. */
  readonly recorded: () => Recorded;
  /** Requests that `/waits` has taken in the test under way. */
  readonly waiting: () => number;
  /**
   * Serves `/users/:id`; `/page`, a page of HTML; `/waits`, which never answers; `/stream`, of two parts; `/broken`, a stream that
   * fails; `/endless`, one that ends never; and `/events`, an event stream.
   */
  readonly serve: (options?: { readonly inFlight?: boolean }) => Promise<Site>;
  /** Whether the framework ends the response of a stream that fails. */
  readonly endsBroken: boolean;
}

/** To be called in a `describe`: what every middleware records of clients that leave, streams, pages and event streams. */
export function itRecordsAsMiddlewareDoes({ recorded, waiting, serve, endsBroken }: MiddlewareStage): void {
  it('records a client that leaves before the answer as aborted, and no time of it', async () => {
    const site = await serve({ inFlight: true });
    const client = request(site.url('/waits')).on('error', () => {});
    client.end();
    await until('the handler waits', () => waiting() === 1);
    await recorded().gaugeBecomes('http.in_flight', 1);
    client.destroy();
    await recorded().becomes({ 'counter http.aborted get /waits': 1 });
    await recorded().gaugeBecomes('http.in_flight', 0);
  });

  it('records a stream to its end, and one that breaks or is given up as aborted', async () => {
    const site = await serve({ inFlight: true });
    expect(await site.get('/stream')).to.equal(200);
    if (endsBroken) expect(await site.get('/broken').catch(() => 'broken')).to.equal('broken');
    const client = request(site.url('/endless')).on('error', () => {});
    client.end();
    const [response] = (await once(client, 'response')) as [Readable];
    response.on('error', () => {});
    await once(response, 'data');
    client.destroy();
    await recorded().becomes({
      'timer http.request get /stream 2xx': 1,
      ...(endsBroken ? { 'counter http.aborted get /broken': 1 } : {}),
      'counter http.aborted get /endless': 1,
    });
    await recorded().gaugeBecomes('http.in_flight', 0);
  });

  it('counts a page view of a page, and none of its HEAD or of data', async () => {
    const site = await serve();
    expect(await site.get('/page')).to.equal(200);
    expect(await site.get('/page', { method: 'HEAD' })).to.equal(200);
    expect(await site.get('/users/1')).to.equal(200);
    await recorded().becomes({
      'timer http.request get /page 2xx': 1,
      'timer http.request head /page 2xx': 1,
      'timer http.request get /users/:id 2xx': 1,
      'counter website.pageviews /page': 1,
    });
  });

  it('records of an event stream the time to its headers only', async () => {
    const site = await serve();
    expect(await site.get('/events')).to.equal(200);
    await recorded().becomes({ 'timer http.ttfb get /events': 1 });
  });
}
