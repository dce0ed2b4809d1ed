// Packs every public package as a release publishes it, and checks the tarballs: their manifests and
// files, publint, attw, and whether empty projects that install them with npm, pnpm and yarn can load them
// and run what the READMEs show. In the one that npm made: whether it can compile against them, test with
// them in Jest, and be bundled with them.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { checkBundles } from './check-packages/bundles.mjs';
import { attempt, check, problems } from './check-packages/checks.mjs';
import { cleanEnvironment } from './check-packages/environment.mjs';
import { checkJest } from './check-packages/jest.mjs';
import { installAll } from './check-packages/package-managers.mjs';
import { checkReadmes, otherPackages, readReadmes } from './check-packages/readmes.mjs';
import { checkTypeScript } from './check-packages/typescript.mjs';
import { homeOf } from './release/home.mjs';
import { publishedPackages, stage } from './release/stage.mjs';

const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'afstatsd-packages-'));

const readJson = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));
const bin = (name) => join(root, 'node_modules/.bin', name);
const { engines } = readJson(root, 'package.json');

/** Any repository will do: the release takes that of its clone. */
const home = homeOf('git@git.example:afstatsd/node.git', 'HEAD');

/** The tarball of what a release would publish; undefined if that fails. */
function pack(folder) {
  const target = join(scratch, folder);
  let staged;
  try {
    staged = stage(folder, { into: join(scratch, 'staged'), home });
  } catch (error) {
    check(`${folder}: is packed`, false, `${error.stderr ?? ''}${error.message}`);
    return undefined;
  }
  mkdirSync(target);
  attempt(`${folder}: npm publish --dry-run`, 'npm', ['publish', '--dry-run', '--access', 'public'], {
    cwd: staged,
  });
  attempt(`${folder}: npm pack`, 'npm', ['pack', '--pack-destination', target], { cwd: staged });
  const tarball = readdirSync(target).find((file) => file.endsWith('.tgz'));
  return tarball && join(target, tarball);
}

function checkTarball({ folder, tarball }) {
  attempt(`${folder}: publint`, bin('publint'), ['run', tarball, '--strict']);
  attempt(`${folder}: attw`, bin('attw'), [tarball, '--no-definitely-typed', '--no-emoji']);
}

function checkContents(project, { folder, name }) {
  const installed = join(project, 'node_modules', name);
  const manifest = readJson(installed, 'package.json');
  for (const field of ['description', 'license', 'keywords', 'files', 'exports']) {
    check(`${folder}: package.json has ${field}`, manifest[field] !== undefined);
  }
  check(`${folder}: same Node.js versions as the workspace`, manifest.engines?.node === engines.node);
  check(
    `${folder}: real versions of its dependencies`,
    !/"(workspace|catalog):/.test(JSON.stringify(manifest)),
  );
  check(`${folder}: has no devDependencies and no scripts`, !manifest.devDependencies && !manifest.scripts);
  check(
    `${folder}: says where it is on the web`,
    isDeepStrictEqual(manifest.repository, {
      type: 'git',
      url: 'git+https://git.example/afstatsd/node.git',
      directory: `packages/${folder}`,
    }) && manifest.bugs.url === 'https://git.example/afstatsd/node/issues',
  );
  const links = [...readFileSync(join(installed, 'README.md'), 'utf8').matchAll(/\]\((?!#)([^)]*)\)/g)];
  const relative = links.map(([, link]) => link).filter((link) => !link.startsWith('https://'));
  check(`${folder}: its README's links work on npm's page`, relative.length === 0, relative.join('\n'));
  const files = readdirSync(installed, { recursive: true });
  for (const file of ['LICENSE', 'README.md']) check(`${folder}: contains ${file}`, files.includes(file));
  check(`${folder}: contains no test`, !files.some((file) => file.includes('.test.')));
}

/** The specifiers that a package offers to importers: `@afstatsd/core`, `@afstatsd/core/http`. */
function entryPoints({ name, folder }) {
  const paths = Object.keys(readJson(root, 'packages', folder, 'package.json').exports);
  return paths.filter((path) => path !== './package.json').map((path) => name + path.slice(1));
}

/** `require` and `import` must give the same objects: two copies would be two shared clients. */
const loader = `
const assert = require('node:assert');
(async () => {
  for (const specifier of process.argv.slice(2)) {
    const required = require(specifier);
    const imported = await import(specifier);
    const names = Object.keys(required);
    assert(names.length > 0, specifier + ' exports nothing');
    for (const name of names) assert.strictEqual(imported[name], required[name], specifier + ': ' + name);
    console.log(specifier + ': ' + names.join(', '));
  }
})();
`;

function checkLoading({ title, project, nodeOptions }, packages) {
  writeFileSync(join(project, 'load.cjs'), loader);
  const args = ['load.cjs', ...packages.flatMap(entryPoints)];
  const options = { cwd: project, env: cleanEnvironment({ NODE_OPTIONS: nodeOptions }) };
  return attempt(`${title}: require and import of each`, process.execPath, args, options);
}

async function checkInstalled(packages) {
  const readmes = readReadmes(packages.map(({ folder }) => folder));
  const tarballs = Object.fromEntries(packages.map(({ name, tarball }) => [name, tarball]));
  const [npm, ...others] = installAll(scratch, tarballs, otherPackages(readmes, packages));
  if (npm.project) {
    for (const packed of packages) checkContents(npm.project, packed);
    console.log(checkLoading(npm, packages)?.trimEnd());
    checkReadmes(npm, readmes);
    checkTypeScript(npm.project);
    checkJest(npm.project);
    await checkBundles(npm.project, scratch);
  }
  for (const manager of others) {
    if (!manager.project) continue;
    checkLoading(manager, packages);
    checkReadmes(manager, readmes, manager.nodeOptions ? npm.project : undefined);
  }
}

try {
  const packages = publishedPackages().map(({ folder, name, peerDependencies }) => ({
    folder,
    name,
    peerDependencies,
    tarball: pack(folder),
  }));
  if (packages.every(({ tarball }) => tarball)) {
    for (const packed of packages) checkTarball(packed);
    await checkInstalled(packages);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

if (problems.length > 0) {
  console.log(`\n${problems.length} problems with the packages:\n  ${problems.join('\n  ')}`);
  process.exitCode = 1;
}
