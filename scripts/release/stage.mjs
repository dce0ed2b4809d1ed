import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { withAbsoluteLinks } from './readme-links.mjs';

const root = join(import.meta.dirname, '../..');

/** The folders and manifests of the packages that are published, each after those that it depends on. */
export function publishedPackages() {
  const all = readdirSync(join(root, 'packages'))
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'));
      return { folder, ...manifest };
    })
    .filter((manifest) => !manifest.private);
  const ordered = new Set();
  const add = (one) => {
    for (const name of Object.keys({ ...one.dependencies, ...one.peerDependencies })) {
      const other = all.find((candidate) => candidate.name === name);
      if (other && !ordered.has(other)) add(other);
    }
    ordered.add(one);
  };
  for (const one of all) add(one);
  return [...ordered];
}

/**
 * Makes the folder that is published: what pnpm packs, with real versions in place of `workspace:`, where the project is on the
 * web, and a README whose links lead there; without devDependencies
 * and scripts, which mean nothing to those who install it.
 *
 * @param folder - of the package, in `packages`.
 * @param into - where the new folder goes. Returns its path.
 */
export function stage(folder, { into, home }) {
  mkdirSync(into, { recursive: true });
  const scratch = mkdtempSync(join(into, '.packed-'));
  const staged = join(into, folder);
  try {
    const args = [join(root, 'scripts/pnpm.mjs'), 'pack', '--pack-destination', scratch];
    execFileSync(process.execPath, args, { cwd: join(root, 'packages', folder), stdio: 'pipe' });
    const tarball = readdirSync(scratch).find((file) => file.endsWith('.tgz'));
    execFileSync('tar', ['-xzf', tarball], { cwd: scratch, stdio: 'pipe' });
    rmSync(staged, { recursive: true, force: true });
    renameSync(join(scratch, 'package'), staged);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const directory = `packages/${folder}`;
  const {
    devDependencies: _,
    scripts: __,
    ...manifest
  } = JSON.parse(readFileSync(join(staged, 'package.json'), 'utf8'));
  const stamped = { ...manifest, ...home.fieldsFor(directory) };
  writeFileSync(join(staged, 'package.json'), `${JSON.stringify(stamped, undefined, 2)}\n`);
  const readme = readFileSync(join(staged, 'README.md'), 'utf8');
  writeFileSync(join(staged, 'README.md'), withAbsoluteLinks(readme, { root, directory, home }));
  return staged;
}
