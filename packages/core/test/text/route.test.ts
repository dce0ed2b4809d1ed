import { runInNewContext } from 'node:vm';
import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { MemoryTransport } from '../../src/index.js';
import { routeTag, routeTemplate } from '../../src/text/route.js';
import { metricsOf } from '../support/metrics-of.js';

describe('the template of a route', () => {
  const makeClient = useClients();

  it('is the path as it is written, with its slash', () => {
    expect(routeTemplate('/users/:id')).to.equal('/users/:id');
    expect(routeTemplate('users')).to.equal('/users');
    expect(routeTemplate('*')).to.equal('/*');
    expect(routeTemplate('')).to.equal('');
  });

  it('of a regular expression is a name that is always the same, and differs from those of others', () => {
    const template = routeTemplate(/^\/a(b)+$/i);
    expect(template).to.match(/^\/_regex_[0-9a-z]{5}$/);
    expect(routeTemplate(/^\/a(b)+$/i)).to.equal(template);
    expect(routeTemplate(/^\/a(b)+$/)).not.to.equal(template);
    expect(routeTemplate(['/a', /b/])).to.match(/^\/a\+\/_regex_[0-9a-z]{5}$/);
    expect(routeTemplate(runInNewContext('/^.a(b)+$/i'))).to.match(/^\/_regex_/);
    expect(routeTemplate(undefined)).to.equal('/_unknown');
  });

  it('has at most 200 characters as a tag, and is never empty', () => {
    expect(routeTag('')).to.equal('/');
    expect(routeTag(`/${'x'.repeat(500)}`)).to.have.length(200);
  });

  it('folds into one segment of a name: without its first slash, and with nothing unsafe', async () => {
    const { statsd, sent } = makeClient({ transport: new MemoryTransport({ tags: 'fold' }) });
    const routes = ['/', '/api/users/:id', '/*', '/assets/*', '/v1.2/{:opt}', '/größe/(x)', 'unmatched'];
    for (const route of routes) statsd.increment('r', { tags: { route } });
    expect(metricsOf(await sent())).to.deep.equal([
      'r.root:1|c',
      'r.api-users-_id:1|c',
      'r._all:1|c',
      'r.assets-_all:1|c',
      'r.v1-2-__opt_:1|c',
      'r.größe-_x_:1|c',
      'r.unmatched:1|c',
    ]);
  });
});
