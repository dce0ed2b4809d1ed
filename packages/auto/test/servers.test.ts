import { expect } from 'chai';
import { describe, it } from 'mocha';
import { useAutoPrograms } from './support/run.js';

const TEMPLATES = {
  'timer http.request get /api/users/:id 2xx': 2,
  'timer http.request get unmatched 4xx': 1,
};
/** `node:http` has no routes. */
const BARE = { 'timer http.request get /* 2xx': 2, 'timer http.request get unmatched 4xx': 1 };

const expectedOf = (framework: string): Record<string, number> => (framework === 'bare' ? BARE : TEMPLATES);

describe('Requests that come in, in an app that knows nothing of it,', () => {
  const run = useAutoPrograms();

  for (const framework of ['bare', 'express', 'express-4', 'fastify', 'fastify-4', 'koa', 'koa-2', 'hono']) {
    it(`are recorded by templates with --require, in an app of CommonJS: ${framework}`, async () => {
      const expected = expectedOf(framework);
      const flags = ['--require', '@afstatsd/auto'];
      const { stdout, stderr } = await run('site.cjs', {
        flags,
        args: [framework, JSON.stringify(expected)],
      });
      expect(stderr).to.equal('');
      expect(JSON.parse(stdout)).to.deep.equal(expected);
    });
  }

  for (const framework of ['bare', 'express', 'fastify', 'koa', 'hono']) {
    it(`are recorded by templates with --import, in an app of ES modules: ${framework}`, async () => {
      const expected = expectedOf(framework);
      const { stdout, stderr } = await run('site.mjs', { args: [framework, JSON.stringify(expected)] });
      expect(stderr).to.equal('');
      expect(JSON.parse(stdout)).to.deep.equal(expected);
    });
  }

  for (const framework of ['core', 'express', 'fastify', 'koa', 'hono']) {
    it(`are left to the middleware of an app that has some, with its options: ${framework}`, async () => {
      const { stdout, stderr } = await run('own.cjs', { args: [framework] });
      expect(stderr).to.equal('');
      expect(JSON.parse(stdout)).to.deep.equal({ 'timer http.request get /own 2xx': 1 });
    });
  }

  it('are recorded once, and at all, where a framework has only some of them', async () => {
    const { stdout, stderr } = await run('mixed.cjs', { env: { AFSTATSD_AUTO: 'http' } });
    expect(stderr).to.equal('');
    expect(JSON.parse(stdout)).to.deep.equal({
      'timer http.request get /users/:id 2xx': 3,
      'timer http.request get /* 2xx': 2,
      'counter http.aborted get /*': 1,
    });
  });
});
