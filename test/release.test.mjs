import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeOf } from '../scripts/release/home.mjs';
import { withAbsoluteLinks } from '../scripts/release/readme-links.mjs';
import { publishedPackages } from '../scripts/release/stage.mjs';

describe('a release', () => {
  it('knows where the project is from each form of a remote', () => {
    for (const remote of [
      'https://git.example/owner/name.git',
      'https://git.example/owner/name/',
      'git@git.example:owner/name.git',
      'ssh://git@git.example:22/owner/name.git',
      'git+https://git.example/owner/name.git',
    ]) {
      const home = homeOf(remote, 'abc');
      expect(home.fieldsFor('packages/koa'), remote).to.deep.equal({
        homepage: 'https://git.example/owner/name/tree/abc/packages/koa#readme',
        repository: {
          type: 'git',
          url: 'git+https://git.example/owner/name.git',
          directory: 'packages/koa',
        },
        bugs: { url: 'https://git.example/owner/name/issues' },
      });
    }
  });

  it('refuses a remote that nobody else can reach, and tells no secret of one', () => {
    for (const remote of ['/srv/name', 'file:///srv/name']) expect(() => homeOf(remote, 'abc')).to.throw();
    const home = homeOf('https://user:secret@git.example/owner/name', 'abc');
    expect(JSON.stringify(home.fieldsFor('packages/koa'))).not.to.include('secret');
  });

  it('leads the links of a README to the repository, and finds those that lead nowhere', () => {
    const root = mkdtempSync(join(tmpdir(), 'afstatsd-release-'));
    try {
      mkdirSync(join(root, 'docs'));
      writeFileSync(join(root, 'docs/koa.md'), '');
      writeFileSync(join(root, 'docs/koa.png'), '');
      const to = { root, directory: 'packages/koa', home: homeOf('https://git.example/a/b', 'abc') };
      const text =
        '[`Koa`](../../docs/koa.md#tests) ![it](../../docs/koa.png) [npm](https://npm.example/) [up](#top)';
      expect(withAbsoluteLinks(text, to)).to.equal(
        '[`Koa`](https://git.example/a/b/blob/abc/docs/koa.md#tests) ' +
          '![it](https://git.example/a/b/raw/abc/docs/koa.png) [npm](https://npm.example/) [up](#top)',
      );
      for (const path of ['../../docs/none.md', '../../../koa.md'])
        expect(() => withAbsoluteLinks(`[x](${path})`, to)).to.throw(`links to ${path}`);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it('publishes no package before those that it depends on', () => {
    const names = publishedPackages().map(({ name }) => name);
    expect(names.indexOf('@afstatsd/mqueue')).to.equal(0);
    expect(names.indexOf('@afstatsd/core')).to.equal(1);
    for (const { name, dependencies = {} } of publishedPackages()) {
      for (const other of Object.keys(dependencies).filter((one) => names.includes(one)))
        expect(names.indexOf(other), `${other} before ${name}`).to.be.below(names.indexOf(name));
    }
  });
});
