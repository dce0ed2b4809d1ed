import { Fetched, HttpMetrics } from '@afstatsd/core/http';
import { type Recorded, useClients } from '@afstatsd/testing';
import { expect } from 'chai';

describe('Fetched', () => {
  const makeClient = useClients();
  let seen: Recorded;

  beforeEach(() => {
    seen = makeClient();
  });

  const begin = (request: Request, options: object = {}) => {
    const http = new HttpMetrics({ statsd: seen.statsd, ...options }, () => '/route');
    const fetched = Fetched.of(request);
    return { fetched, exchange: http.begin(fetched.request, fetched.response) };
  };

  it('has a request recorded with the status and the type of its answer', async () => {
    const { fetched, exchange } = begin(new Request('http://localhost/x'));
    fetched.answered(new Response('<p>', { status: 201, headers: { 'content-type': 'text/html' } }));
    exchange!.headersSent();
    exchange!.end(true);
    await seen.becomes({
      'timer http.request get /route 2xx': 1,
      'counter website.pageviews /route': 1,
    });
  });

  it('looks at the headers of the request', async () => {
    const { fetched, exchange } = begin(
      new Request('http://localhost/x', { headers: { 'Sec-Purpose': 'prefetch' } }),
    );
    fetched.answered(new Response('<p>', { headers: { 'content-type': 'text/html' } }));
    exchange!.end(true);
    await seen.becomes({ 'timer http.request get /route 2xx': 1 });
  });

  it('is the same for the same request, which is recorded once', async () => {
    const request = new Request('http://localhost/x');
    expect(Fetched.of(request)).to.equal(Fetched.of(request));
    const { exchange } = begin(request);
    expect(begin(request).exchange).to.equal(undefined);
    exchange!.end(false);
    await seen.becomes({ 'counter http.aborted get /route': 1 });
  });

  it('is excluded by the path of its URL', async () => {
    expect(begin(new Request('http://localhost/health?x=1'), { exclude: ['/health'] }).exchange).to.equal(
      undefined,
    );
  });
});
