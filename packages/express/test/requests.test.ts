import { Agent, type IncomingMessage, get } from 'node:http';
import { once } from 'node:events';
import path from 'node:path';
import { afstatsdExpress } from '@afstatsd/express';
import { type Recorded, until, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import type { Express as App } from 'express';
import { Connection } from './support/connection.js';
import { useSites } from './support/site.js';
import { forEachExpress } from './support/versions.js';

forEachExpress('requests', (express) => {
  const makeClient = useClients();
  const serve = useSites();
  let seen: Recorded;
  let app: App;

  beforeEach(() => {
    seen = makeClient();
    app = express();
    app.use(afstatsdExpress({ statsd: seen.statsd }));
    app.get('/page/:p', (_req, res) => void res.json({}));
  });

  it('of each method have a name of their own, with the method in lower case', async () => {
    for (const method of ['post', 'put', 'patch', 'delete'] as const)
      app[method]('/item/:id', (_req, res) => void res.json({}));
    app.options('/item/:id', (_req, res) => void res.json({}));
    const site = await serve(app);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      await site.fetch('/item/1', { method });
    expect(await seen.counts()).to.deep.equal({
      'timer http.request post /item/:id 2xx': 1,
      'timer http.request put /item/:id 2xx': 1,
      'timer http.request patch /item/:id 2xx': 1,
      'timer http.request delete /item/:id 2xx': 1,
      'timer http.request options /item/:id 2xx': 1,
    });
  });

  it('of HEAD go to the GET route, under their own method', async () => {
    const site = await serve(app);
    await site.fetch('/page/1', { method: 'HEAD' });
    expect(await seen.counts()).to.deep.equal({ 'timer http.request head /page/:p 2xx': 1 });
  });

  it('of methods that HTTP itself does not define are `other`', async () => {
    app.all('/dav', (_req, res) => void res.json({}));
    const site = await serve(app);
    await site.fetch('/dav', { method: 'PROPFIND' });
    await site.fetch('/dav', { method: 'MKCOL' });
    expect(await seen.counts()).to.deep.equal({ 'timer http.request other /dav 2xx': 2 });
  });

  it('are timed by the class of their status', async () => {
    app.get('/status/:code', (req, res) => void res.status(Number(req.params.code)).end());
    const site = await serve(app);
    for (const status of [200, 204, 302, 304, 403, 503]) await site.fetch(`/status/${status}`);
    expect(await seen.counts()).to.deep.equal({
      'timer http.request get /status/:code 2xx': 2,
      'timer http.request get /status/:code 3xx': 2,
      'timer http.request get /status/:code 4xx': 1,
      'timer http.request get /status/:code 5xx': 1,
    });
  });

  it('are timed in ms, from the middleware to the end of the response', async () => {
    let tookMs = 0;
    app.get('/slow', (_req, res) => {
      const begin = performance.now();
      setTimeout(() => {
        tookMs = performance.now() - begin;
        res.json({});
      }, 20);
    });
    const site = await serve(app);
    const begin = performance.now();
    await site.fetch('/slow');
    const allMs = performance.now() - begin;
    const { 'timer http.request get /slow 2xx': ms = [] } = await seen.values();
    expect(ms).to.have.length(1);
    expect(ms[0]).to.be.within(Math.floor(tookMs), allMs);
  });

  it('for static files are anything below their mount', async () => {
    app.use('/static', express.static(__dirname));
    const site = await serve(app);
    await site.fetchAll(`/static/${path.basename(__filename)}`, '/static/support/site.js');
    await site.fetch('/static/support', { method: 'HEAD' });
    await site.fetchAll('/static/none', '/static/also/none');
    expect(await seen.counts()).to.deep.equal({
      'timer http.request get /static/* 2xx': 2,
      'timer http.request head /static/* 3xx': 1,
      'timer http.request get unmatched 4xx': 2,
    });
  });

  it('on a connection that is kept alive are told apart', async () => {
    app.get('/other/:o', (_req, res) => void res.json({}));
    const site = await serve(app);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set();
    for (const url of ['/page/1', '/other/1', '/none', '/page/2']) {
      const [response] = (await once(get(site.url + url, { agent }), 'response')) as [IncomingMessage];
      sockets.add(response.socket);
      await once(response.resume(), 'end');
    }
    agent.destroy();
    await site.quiet();
    expect(sockets.size).to.equal(1);
    expect(await seen.counts()).to.deep.equal({
      'timer http.request get /page/:p 2xx': 2,
      'timer http.request get /other/:o 2xx': 1,
      'timer http.request get unmatched 4xx': 1,
    });
  });

  it('that are pipelined are told apart', async () => {
    app.get('/slow', (_req, res) => void setTimeout(() => res.json({}), 10));
    const site = await serve(app);
    const client = await Connection.to(site);
    client.socket.write(
      ['/slow', '/page/1', '/none'].map((url) => `GET ${url} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join(''),
    );
    await until('three answers', () => client.answers === 3);
    await site.quiet();
    expect(await seen.counts()).to.deep.equal({
      'timer http.request get /slow 2xx': 1,
      'timer http.request get /page/:p 2xx': 1,
      'timer http.request get unmatched 4xx': 1,
    });
  });
});
