import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO } from './places.mjs';

const FILES = ['package.json', 'package-lock.json'];
/** Says for which lock file and machine the packages are installed. */
const STAMP = join(DEMO, 'installed');
/** Lines of npm's output that an error shows. */
const LAST_LINES = 15;

/** Installs the packages of package-lock.json, unless they are there. */
export async function install() {
  const wanted = stamp();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return 'installed already';
  mkdirSync(DEMO, { recursive: true });
  rmSync(STAMP, { force: true });
  for (const file of FILES) copyFileSync(join(import.meta.dirname, file), join(DEMO, file));
  await npm('ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--no-update-notifier');
  writeFileSync(STAMP, wanted);
  return undefined;
}

/** Native packages are those of one platform. */
function stamp() {
  const lock = readFileSync(join(import.meta.dirname, 'package-lock.json'), 'utf8');
  return JSON.stringify({ platform: process.platform, arch: process.arch, libc: libc(), lock });
}

function libc() {
  return process.report?.getReport().header.glibcVersionRuntime === undefined ? 'other' : 'glibc';
}

/** Runs npm in `.demo`: the one that runs this script, if there is one. */
async function npm(...args) {
  const { npm_execpath: own } = process.env;
  const isOwnNpm = own !== undefined && /npm-cli\.[cm]?js$/.test(own);
  const [command, first] = isOwnNpm ? [process.execPath, [own]] : ['npm', []];
  const child = spawn(command, [...first, ...args], { cwd: DEMO, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [code, signal] = await once(child, 'close');
  if (code === 0) return;
  const said = output.trim().split('\n').slice(-LAST_LINES).join('\n');
  throw new Error(`npm ${args[0]} ended with ${code ?? signal}.\n${said}`);
}
