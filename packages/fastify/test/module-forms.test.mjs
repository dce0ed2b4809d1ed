import standard, { afstatsd } from '@afstatsd/fastify';
import * as namespace from '@afstatsd/fastify';
import { expect } from 'chai';
import { createRequire } from 'node:module';

describe('the module @afstatsd/fastify', () => {
  it('is the plugin, however it is loaded', () => {
    const required = createRequire(import.meta.url)('@afstatsd/fastify');
    expect(required).to.be.a('function');
    expect(required.default).to.equal(required);
    expect(required.afstatsd).to.equal(required);
    expect(standard).to.equal(required);
    expect(afstatsd).to.equal(required);
    expect(namespace.default).to.equal(required);
  });

  it('tells Fastify its name, and which versions it is for', () => {
    const meta = standard[Symbol.for('plugin-meta')];
    expect(meta).to.include({ name: '@afstatsd/fastify', fastify: '^4.24.0 || ^5.0.0' });
  });
});
