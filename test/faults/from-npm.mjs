// What the tests install themselves, at pinned versions, into a cache: other versions of Node.js, and jsdom for Jest.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The newest version of Node.js that the tests were written with. */
export const NEWEST = 'v26.10.0';
/** That of Jest here. */
const JEST_JSDOM = '30.5.2';

const cache = join(import.meta.dirname, '../../node_modules/.cache/afstatsd-faults');
const run = promisify(execFile);
const found = new Map();

/**
 * The program of a version of Node.js, such as v26.10.0: the running one, or one in the package that npm's `node` installs on this
 * platform. Rejects if it can't be had.
 *
 * @param {string} version
 * @returns {Promise<string>} a path.
 */
export async function nodeOf(version) {
  if (version === process.version) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  return join(await installed(name, version.slice(1)), 'bin/node');
}

/** Bun and Deno, as the tests know them: the package of their program for Linux, by `process.arch`, and how a script is run. */
const OTHERS = {
  bun: {
    package: { x64: '@oven/bun-linux-x64', arm64: '@oven/bun-linux-aarch64' },
    program: 'bin/bun',
    args: [],
  },
  deno: {
    package: { x64: '@deno/linux-x64-glibc', arm64: '@deno/linux-arm64-glibc' },
    program: 'deno',
    args: ['run', '--quiet', '--no-prompt', '--allow-all'],
  },
};

/**
 * The command that runs a script in a version of Node.js, as `nodeOf` has it, or in another runtime, such as `bun 1.4.5`.
 *
 * @param {string} version
 * @returns {Promise<[program: string, ...args: string[]]>}
 */
export async function commandOf(version) {
  const [runtime, number] = version.split(' ');
  if (number === undefined) return [await nodeOf(version)];
  const { package: packages, program, args } = OTHERS[runtime];
  return [join(await installed(packages[process.arch], number), program), ...args];
}

/** @returns {Promise<string>} the path of Jest's environment with jsdom. Rejects if it can't be had. */
export function jestJsdom() {
  return installed('jest-environment-jsdom', JEST_JSDOM);
}

/** To be called in a `describe`: its tests are skipped, and the output says why, if something can't be had. */
export function needFromNpm(what, had) {
  before(async function () {
    try {
      await had();
    } catch (error) {
      // Where everything is required (AFSTATSD_REQUIRE_ALL=1), mocha has a skipped test fail.
      console.log(`      skipped: ${what} can't be had from npm: ${String(error.stderr ?? error)}`);
      this.skip();
    }
  });
}

/** @returns {Promise<string>} the folder of a package, with what it depends on. Rejects if npm can't have it. */
export function installed(name, version) {
  const key = `${name}-${version}`;
  if (!found.has(key)) found.set(key, install(name, version, join(cache, key)));
  return found.get(key);
}

async function install(name, version, folder) {
  const at = join(folder, 'node_modules', name);
  if (!existsSync(join(at, 'package.json'))) {
    mkdirSync(folder, { recursive: true });
    const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
    await run('npm', ['install', '--prefix', folder, ...flags, `${name}@${version}`], { cwd: folder });
  }
  return at;
}
