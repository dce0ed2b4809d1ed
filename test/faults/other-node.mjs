// Another version of Node.js than the running one. Its program comes from npm, in the package that npm's `node` installs on this
// platform, and stays in a cache.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The newest one that the tests were written with. */
export const NEWEST = 'v26.10.0';

const cache = join(import.meta.dirname, '../../node_modules/.cache/afstatsd-faults');
const found = new Map();

/**
 * @param {string} version - such as v26.10.0.
 * @returns {Promise<string>} the path of its program. Rejects if it can't be had.
 */
export function nodeOf(version) {
  if (version === process.version) return Promise.resolve(process.execPath);
  if (!found.has(version)) found.set(version, install(version));
  return found.get(version);
}

async function install(version) {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(cache, version);
  const program = join(folder, 'node_modules', name, 'bin/node');
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
    const wanted = `${name}@${version.slice(1)}`;
    await promisify(execFile)('npm', ['install', '--prefix', folder, ...flags, wanted], { cwd: folder });
  }
  const { stdout } = await promisify(execFile)(program, ['--version']);
  if (stdout.trim() !== version) throw new Error(`${program} is ${stdout.trim()}, and not ${version}`);
  return program;
}
