import { eachFastify } from './support/app.js';

const VIEWS: readonly (readonly [what: string, path: string, init: RequestInit, isView: boolean])[] = [
  ['an answer in HTML', '/html', {}, true],
  ['a document, whatever its type', '/text', { headers: { 'sec-fetch-dest': 'document' } }, true],
  ['a document that has not changed', '/304', { headers: { 'sec-fetch-dest': 'document' } }, true],
  ['an answer in HTML for a script', '/html', { headers: { 'sec-fetch-dest': 'empty' } }, false],
  ['a prefetch', '/html', { headers: { 'sec-purpose': 'prefetch;prerender' } }, false],
  ['an older browser’s prefetch', '/html', { headers: { purpose: 'prefetch' } }, false],
  ['an answer that is not HTML', '/text', {}, false],
  ['a page for an error', '/500', {}, false],
  ['HEAD', '/html', { method: 'HEAD' }, false],
  ['POST', '/html', { method: 'POST' }, false],
];

eachFastify('page views', (apps) => {
  for (const [what, path, init, isView] of VIEWS) {
    it(`counts ${what} as ${isView ? 'a' : 'no'} page view`, async () => {
      const app = apps.recording({ timing: false });
      const html = { 'content-type': 'text/html; charset=utf-8' };
      app.fastify.route({
        method: ['GET', 'POST', 'HEAD'],
        url: '/html',
        handler: async (_, reply) => reply.headers(html).send('<p>'),
      });
      app.fastify.get('/text', async (_, reply) => reply.type('text/plain').send('x'));
      app.fastify.get('/304', async (_, reply) => reply.code(304).send());
      app.fastify.get('/500', async (_, reply) => reply.code(500).headers(html).send('<p>'));
      await app.listen();
      await app.fetch(path, init);
      await app.recorded.becomes(isView ? { [`counter website.pageviews ${path}`]: 1 } : {});
    });
  }

  it('counts a page that is written to the raw response', async () => {
    const app = apps.recording({ timing: false });
    app.fastify.get('/raw', (_, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'Content-Type': 'text/html' });
      reply.raw.end('<p>');
    });
    await app.listen();
    await app.fetch('/raw');
    await app.recorded.becomes({ 'counter website.pageviews /raw': 1 });
  });
});
