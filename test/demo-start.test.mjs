// `npm run demo` on a machine that has only Node.js and npm: a copy of the sources, in which nothing is installed or built.
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { useCleanup, useDirectories, usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';
import { PACKAGES } from '../scripts/demo/places.mjs';

const root = join(import.meta.dirname, '..');
const readJson = (...path) => JSON.parse(readFileSync(join(root, ...path), 'utf8'));
const FOLDERS = ['scripts', 'examples/shop', ...PACKAGES.map((name) => `packages/${name}`)];
/** npm's download from an empty cache has its time, too. In ms. */
const LONGEST_MS = 300_000;
/** Takes away what the npm that runs this test has set, by which it would ask the registry for nothing in any case. */
const NEW_HOME = {
  CI: undefined,
  npm_config_cache: undefined,
  npm_config_globalconfig: undefined,
  npm_config_update_notifier: undefined,
  npm_config_userconfig: undefined,
};

describe('npm run demo', function () {
  this.timeout(LONGEST_MS);
  const programs = usePrograms();
  const newDirectory = useDirectories();
  const later = useCleanup();

  function copyOfSources() {
    const copy = newDirectory();
    const isSource = (path) => !['node_modules', 'dist', 'test', '.demo'].includes(basename(path));
    for (const folder of FOLDERS) {
      mkdirSync(join(copy, folder), { recursive: true });
      cpSync(join(root, folder), join(copy, folder), { recursive: true, filter: isSource });
    }
    for (const file of ['package.json', '.npmrc']) cpSync(join(root, file), join(copy, file));
    return copy;
  }

  const start = (copy, ...args) =>
    programs.run('npm', ['--prefix', copy, 'run', 'demo', '--', ...args], {
      env: { AFSTATSD_URL: undefined, AFSTATSD_SERVICE: undefined },
      longestMs: LONGEST_MS,
    });

  it('installs and builds what it needs, says so without warnings, and does it once', async () => {
    const copy = copyOfSources();
    const demo = start(copy, '--seconds', '1');
    expect(await demo.exit(), demo.stdout + demo.stderr).to.equal(0);
    const said = demo.stdout + demo.stderr;
    expect(said).to.match(/^\[1\/3\] Installing .*\n {6}\d+\.\d s\n\[2\/3\] Building .*\n {6}\d+\.\d s\n/m);
    expect(said).to.match(/^\[3\/3\] Opening the shop\n[^]*\nA shop is open for 1 s/m);
    expect(said).not.to.match(/npm warn|deprecated|\[WARN\]|node-gyp|posix-mq/i);
    expect(said).to.match(/\nAll \d+ are equal\.\n/);

    const again = start(copy, '--seconds', '1');
    expect(await again.exit(), again.stdout + again.stderr).to.equal(0);
    expect(again.stdout).to.match(/\n {6}installed already\n.*\n {6}built already\n/);

    // A source that has changed is built again, and what doesn't build is said.
    const main = join(copy, 'examples/shop/src/main.ts');
    writeFileSync(main, readFileSync(main, 'utf8').replace('A shop is open', 'The shop is open'));
    const changed = start(copy, '--seconds', '1');
    expect(await changed.exit(), changed.stdout + changed.stderr).to.equal(0);
    expect(changed.stdout).to.include('The shop is open');
    writeFileSync(main, 'const = 1;');
    const broken = start(copy, '--seconds', '1');
    expect(await broken.exit()).to.equal(1);
    expect(broken.stderr).to.match(/The demo can't start: .*\n.*main\.ts:1:6: ERROR/);
  });

  const answered = { '--minutes 1': 2, '--seconds 0': 2, '--seconds 1 --forever': 2, '--help': 0 };
  for (const [args, code] of Object.entries(answered)) {
    it(`answers ${args} with ${code}, before anything is installed`, async () => {
      const copy = copyOfSources();
      const demo = start(copy, ...args.split(' '));
      expect(await demo.exit()).to.equal(code);
      expect(demo.stdout + demo.stderr).to.include('--seconds N');
      expect(existsSync(join(copy, '.demo'))).to.be.false;
    });
  }

  it('asks nobody before its first line, also in a new home', async () => {
    const requests = [];
    const registry = createServer(({ url }, response) => {
      requests.push(url);
      response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    later(() => registry.close());
    await once(registry, 'listening');
    const home = newDirectory();
    const env = {
      ...NEW_HOME,
      HOME: home,
      npm_config_registry: `http://127.0.0.1:${registry.address().port}/`,
    };
    const args = ['--prefix', copyOfSources(), 'run', 'demo', '--', '--help'];
    const demo = programs.run('npm', args, { env, cwd: home });
    expect(await demo.exit()).to.equal(0);
    expect(requests).to.deep.equal([]);
  });

  it('says why npm failed', async () => {
    const copy = copyOfSources();
    writeFileSync(join(copy, 'scripts/demo/package-lock.json'), '{}');
    const demo = start(copy);
    expect(await demo.exit()).to.equal(1);
    expect(demo.stderr).to.match(/The demo can't start: npm ci ended with 1\.\n[^]*npm error/);
  });
});

describe('the packages that the demo installs (scripts/demo)', () => {
  const manifest = readJson('scripts/demo/package.json');
  const lock = readJson('scripts/demo/package-lock.json');
  const HOW =
    'write the versions of pnpm-workspace.yaml to scripts/demo/package.json, and, in that folder, run npm install --package-lock-only --ignore-scripts';

  it('are the dependencies of the shop and of our packages, esbuild and uplot, in the versions of the workspace', () => {
    const [, versions] = /^catalog:\n([^]*?)^\S/m.exec(
      readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'),
    );
    const catalog = Object.fromEntries(
      [...versions.matchAll(/^ {2}'?([^\s':]+)'?: (.+)$/gm)].map(([, name, version]) => [name, version]),
    );
    const manifests = [...PACKAGES.map((name) => `packages/${name}`), 'examples/shop'].map((folder) =>
      readJson(folder, 'package.json'),
    );
    const needed = new Set(
      manifests
        .flatMap(({ dependencies = {} }) => Object.keys(dependencies))
        .filter((name) => !name.startsWith('@afstatsd/')),
    );
    const wanted = [...needed, 'esbuild', 'uplot'].map((name) => [name, catalog[name]]);
    expect(manifest.dependencies, HOW).to.deep.equal(Object.fromEntries(wanted));
    expect(lock.packages[''].dependencies, HOW).to.deep.equal(manifest.dependencies);
  });

  it('are, with what they depend on, those of pnpm-lock.yaml, and name no registry', () => {
    const all = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
    const foreign = Object.entries(lock.packages)
      .filter(([path]) => path !== '')
      .map(([path, { version }]) => `${path.replace(/.*node_modules\//, '')}@${version}`)
      .filter((name) => !all.includes(`\n  ${name}:`) && !all.includes(`\n  '${name}':`));
    expect(foreign, `add them to "overrides", with the versions of pnpm-lock.yaml; ${HOW}`).to.deep.equal([]);
    expect(JSON.stringify(lock)).not.to.include('"resolved"');
  });
});
