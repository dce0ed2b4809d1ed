import { afstatsdExpress } from '@afstatsd/express';
import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import inject from 'light-my-request';
import { forEachExpress, isolatedExpress } from './support/versions.js';

forEachExpress('requests of light-my-request', (_express, version) => {
  const makeClient = useClients();

  it('are recorded like those of a connection', async () => {
    const { express, seen } = { express: isolatedExpress(version), seen: makeClient() };
    const app = express();
    app.use(afstatsdExpress({ statsd: seen.statsd, inFlight: true, bytes: true }));
    app.use(
      '/api/:tenant',
      express.Router().get('/page/:p', (_req, res) => void res.send('<p>page')),
    );
    const { statusCode, payload } = await inject(app as never, '/api/acme/page/1');
    expect({ statusCode, payload }).to.deep.equal({ statusCode: 200, payload: '<p>page' });
    await inject(app as never, '/none');
    expect(await seen.counts()).to.deep.equal({
      'timer http.request get /api/:tenant/page/:p 2xx': 1,
      'timer http.request get unmatched 4xx': 1,
      'timer http.response.bytes get /api/:tenant/page/:p': 1,
      'timer http.response.bytes get unmatched': 1,
      'counter website.pageviews /api/:tenant/page/:p': 1,
      'gauge http.in_flight': 0,
      'gauge http.in_flight.max': 1,
    });
  });
});
