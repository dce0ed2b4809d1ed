import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { type Excluded, Exclusion } from '../../src/http/exclude.js';

/** Entries, targets of requests that they exclude, and some that they don't. */
const TARGETS: readonly (readonly [
  entries: readonly Excluded[],
  in_: readonly string[],
  out: readonly string[],
])[] = [
  [
    ['/health'],
    [
      '/health',
      '/health/',
      '/HEALTH',
      '/health?x=1',
      '/health/?x=1',
      '/health#top',
      '/%68ealth',
      'http://x/health',
      'HTTPS://user@x:443/Health/?y',
    ],
    ['/healthy', '/health/x', '/x/health', '/', '/health//', '/health%2F', '/heal%', 'http://x/y/health'],
  ],
  [['/Health/'], ['/health', '/HEALTH/'], ['/healthy']],
  [['/'], ['/', '', '/?x', 'http://x', 'http://x/?y'], ['/x', '*']],
  [['/internal/*'], ['/internal/a', '/INTERNAL/a/b?c'], ['/internal', '/internal/', '/internals/a']],
  [['/internal/**'], ['/internal/a', '/internal/a/b'], ['/internal', '/internals', '/internal%2Fa']],
  [['/*'], ['/', '/a', '/a/b', 'http://x/a'], ['*']],
  [['/caf%C3%A9', '/größe'], ['/café', '/CAF%c3%a9/', '/gr%C3%B6%C3%9Fe'], ['/caf']],
  [
    [/\.ico$/g, /^\/a$/y],
    ['/favicon.ico', '/favicon.ico?v=1', '/a', 'http://x/a'],
    ['/favicon.ICO', '/ba'],
  ],
  [[runInNewContext('/^.elsewhere/') as RegExp], ['/elsewhere'], ['/']],
  [[], [], ['/', '/health']],
];

/** Entries and templates of routes. */
const ROUTES: readonly (readonly [entry: Excluded, in_: readonly string[], out: readonly string[]])[] = [
  ['/users/:id', ['/users/:id', '/Users/:Id/'], ['/users/:name', '/users/:id/edit', '/users/7']],
  ['/users/*', ['/users/:id', '/users/*', '/users/:id/edit'], ['/users', '/*', 'unmatched', 'other']],
  ['/files/*path', ['/files/*path'], ['/files/*', '/files/x']],
  ['/users/:id?', ['/users/:id?'], ['/users/:id']],
  ['/', ['/', ''], ['/*', 'unmatched']],
  [/^\/users/, [], ['/users/:id']],
];

const REFUSED: Readonly<Record<string, readonly unknown[]>> = {
  'is neither': [5, null, undefined, {}, ['/health'], () => true],
  'doesn\'t begin with "/"': ['', 'health', '*', 'http://x/health', 'GET /health', ' /health'],
  'can never match, because a path has no query and no fragment': ['/health?x=1', '/#/health'],
  'can never match, because "*" can only be its last segment': [
    '/api/*/health',
    '/**/health',
    '/health*',
    '/*.css',
    '/a/***',
    '/a/*/*',
    '/a/*/',
  ],
};

describe('exclude', () => {
  for (const [entries, in_, out] of TARGETS) {
    it(`${entries.join(', ') || 'nothing'}: which targets`, () => {
      const exclusion = new Exclusion(entries);
      // Twice: a pattern doesn't remember where it was.
      for (const target of [...in_, ...in_]) expect(exclusion.hasTarget(target), target).to.equal(true);
      for (const target of out) expect(exclusion.hasTarget(target), target).to.equal(false);
    });
  }

  for (const [entry, in_, out] of ROUTES) {
    it(`${String(entry)}: which routes`, () => {
      const exclusion = new Exclusion([entry]);
      for (const route of in_) expect(exclusion.hasRoute(route), route).to.equal(true);
      for (const route of out) expect(exclusion.hasRoute(route), route).to.equal(false);
    });
  }

  for (const [why, entries] of Object.entries(REFUSED)) {
    it(`refuses an entry that ${why}`, () => {
      for (const entry of entries) {
        expect(() => new Exclusion(['/health', entry as string])).to.throw(TypeError, why);
      }
    });
  }

  it('names the entry that it refuses', () => {
    expect(() => new Exclusion(['/health', 'metrics'])).to.throw(
      'option exclude must be an array of paths that begin with "/", and regular expressions; "metrics" doesn\'t begin with "/"',
    );
  });

  it('takes no longer for a long target of slashes, stars and escapes than for its reading', () => {
    const exclusion = new Exclusion(['/a/**', '/b', /^\/c$/]);
    for (const part of ['/', '*', '%', '%41', 'a/']) {
      expect(exclusion.hasTarget(`/${part.repeat(16_000)}`)).to.equal(part === 'a/');
    }
  });
});
