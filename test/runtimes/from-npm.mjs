// Projects as users have them: this workspace's packages, packed, beside pinned ones from npm. A project is installed once, in the
// user's cache, since Next.js takes a folder above with a lock file for its own; the packages are unpacked for each run.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'afstatsd-runtimes');
const PACKAGES = ['core', 'mqueue', 'decorators', 'express', 'fastify', 'nestjs'];
/** The version of core's and mqueue's native library, and of what the middleware needs, as the workspace has them. */
const BESIDE = { koffi: '3.3.4', 'fastify-plugin': '6.0.0' };

const run = promisify(execFile);
let packing;

/**
 * @param {Readonly<Record<string, string>>} dependencies - exact versions, or `npm:` aliases.
 * @returns {Promise<string>} the folder of the project. Rejects if npm can't have it.
 */
export async function project(name, dependencies) {
  const manifest = JSON.stringify({ private: true, dependencies: { ...BESIDE, ...dependencies } }, null, 2);
  // Each checkout has its own, because its packages are unpacked there.
  const key = createHash('sha256').update(ROOT).update(manifest).digest('hex').slice(0, 8);
  const folder = join(CACHE, `${name}-${key}`);
  const done = join(folder, 'node_modules/.installed');
  if (!existsSync(done)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), manifest);
    const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps', '--loglevel=error'];
    await run('npm', ['install', ...flags], { cwd: folder });
    writeFileSync(done, '');
  }
  await unpackInto(folder);
  return folder;
}

async function unpackInto(folder) {
  packing ??= pack();
  for (const tarball of await packing) {
    const name = /afstatsd-([a-z]+)-/.exec(tarball)[1];
    const at = join(folder, 'node_modules/@afstatsd', name);
    rmSync(at, { recursive: true, force: true });
    mkdirSync(at, { recursive: true });
    await run('tar', ['-xzf', tarball, '-C', at, '--strip-components=1']);
  }
}

async function pack() {
  const target = join(CACHE, `packed-${process.pid}`);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  process.once('exit', () => rmSync(target, { recursive: true, force: true }));
  for (const name of PACKAGES) {
    const args = [join(ROOT, 'scripts/pnpm.mjs'), 'pack', '--pack-destination', target];
    await run(process.execPath, args, { cwd: join(ROOT, 'packages', name) });
  }
  return readdirSync(target).map((file) => join(target, file));
}
