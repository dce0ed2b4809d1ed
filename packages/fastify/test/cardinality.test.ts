import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { eachFastify } from './support/app.js';

const MANY = 10_000;

async function injectAll(fastify: FastifyInstance, urls: readonly string[]): Promise<void> {
  for (let i = 0; i < urls.length; i += 100) {
    await Promise.all(urls.slice(i, i + 100).map((url) => fastify.inject(url)));
  }
}

/** The same path with each of these letters as it is, or percent-encoded. */
function spellings(text: string, count: number): string[] {
  const encoded = (letter: string): string => `%${letter.charCodeAt(0).toString(16)}`;
  return Array.from({ length: count }, (_, i) =>
    text
      .split('')
      .map((letter, at) => ((i >> at) % 2 === 1 ? encoded(letter) : letter))
      .join(''),
  );
}

eachFastify('the number of names', (apps) => {
  it(`makes one name of ${MANY} requests for paths that don’t exist`, async () => {
    const app = apps.recording();
    app.fastify.get('/users/:id', async () => 'x');
    await injectAll(
      app.fastify,
      Array.from({ length: MANY }, () => `/${randomBytes(8).toString('hex')}`),
    );
    await app.recorded.becomes({ 'timer http.request get unmatched 4xx': MANY });
  });

  it(`makes one name of ${MANY} spellings of one tenant`, async () => {
    const app = apps.recording();
    app.fastify.get('/api/:tenant/users', async () => 'x');
    const urls = spellings('acme-corporation', MANY).map((tenant) => `/api/${tenant}/users`);
    expect(new Set(urls)).to.have.property('size', MANY);
    await injectAll(app.fastify, urls);
    await app.recorded.becomes({ 'timer http.request get /api/:tenant/users 2xx': MANY });
  });

  it('makes one name of all methods that HTTP doesn’t define, whatever their spelling', async () => {
    const app = apps.recording();
    app.fastify.get('/users/:id', async () => 'x');
    await app.listen();
    for (const method of ['PROPFIND', 'PURGE', 'M-SEARCH']) await app.fetch('/users/5', { method });
    await app.recorded.becomes({ 'timer http.request other unmatched 4xx': 3 });
  });

  it('makes 501 names of 600 templates, and says so once', async () => {
    const app = apps.recording();
    const paths = Array.from({ length: 600 }, (_, i) => `/route${i}`);
    for (const path of paths) app.fastify.get(path, async () => 'x');
    await injectAll(app.fastify, paths);
    await app.recorded.becomes({
      ...Object.fromEntries(paths.slice(0, 500).map((path) => [`timer http.request get ${path} 2xx`, 1])),
      'timer http.request get other 2xx': 100,
    });
    expect(app.recorded.log.warnings).to.have.length(1);
    expect(app.recorded.log.warnings[0]).to.contain('500 routes (maxRoutes)');
  });
});
