// A program bundled by esbuild and by webpack hands its metrics to a queue where koffi is there, as an external module;
// where koffi was left out, it says so once, and uses UDP. In the short form it is esbuild that bundles.
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import webpack from 'webpack';
import { check } from './checks.mjs';
import { cleanEnvironment } from './environment.mjs';
import { LONG } from './form.mjs';

const source = fileURLToPath(import.meta.resolve('./programs/bundled.cjs'));
const message = 'bundled.starts:1|c';

async function withEsbuild(entry, folder) {
  const outfile = join(folder, 'esbuild.cjs');
  const options = { bundle: true, platform: 'node', external: ['koffi'], logLevel: 'silent' };
  await build({ entryPoints: [entry], outfile, ...options });
  return outfile;
}

async function withWebpack(entry, folder, { filename, ...koffi }) {
  const output = { path: folder, filename };
  const stats = await promisify(webpack)({ mode: 'production', target: 'node', entry, output, ...koffi });
  if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
  return join(folder, filename);
}

/**
 * @param project - where the packages, and koffi, are installed.
 * @param elsewhere - a folder from which neither is found.
 */
export async function checkBundles(project, elsewhere) {
  const [inside, outside] = [join(project, 'bundles'), join(elsewhere, 'bundles')];
  for (const folder of [inside, outside]) mkdirSync(folder);
  const entry = join(inside, 'entry.cjs');
  copyFileSync(source, entry);

  const external = { externals: { koffi: 'commonjs koffi' }, filename: 'webpack.cjs' };
  const leftOut = { resolve: { alias: { koffi: false } }, filename: 'webpack-alias-false.cjs' };
  await attempt('esbuild', async (title) => {
    await checkBoth(title, await withEsbuild(entry, inside), { project, outside });
  });
  if (!LONG) return;
  await attempt('webpack', async (title) => {
    await checkBoth(title, await withWebpack(entry, inside, external), { project, outside });
  });
  await attempt('webpack, koffi as an alias of false', async (title) => {
    await checkWithoutKoffi(title, await withWebpack(entry, inside, leftOut));
  });
}

async function attempt(title, act) {
  try {
    await act(title);
  } catch (error) {
    check(title, false, error);
  }
}

async function checkBoth(title, bundle, { project, outside }) {
  await checkWithKoffi(title, bundle, project);
  const copy = join(outside, `${title}.cjs`);
  copyFileSync(bundle, copy);
  await checkWithoutKoffi(title, copy);
}

async function checkWithKoffi(title, bundle, project) {
  const { openQueue, unlinkQueue } = createRequire(join(project, 'package.json'))('@afstatsd/mqueue');
  const name = uniqueQueue();
  const create = { depth: 2, messageBytes: 2048, mode: 0o600, exclusive: true };
  const queue = openQueue(name, { access: 'read', create });
  try {
    const result = await run(bundle, name, 1);
    const into = Buffer.alloc(create.messageBytes);
    const received = queue.receive(into);
    const ok = received !== undefined && into.toString('utf8', 0, received.bytes) === message;
    check(`${title}: with koffi, the queue receives it`, ok, JSON.stringify(result));
  } finally {
    queue.close();
    unlinkQueue(name);
  }
}

async function checkWithoutKoffi(title, bundle) {
  const server = createSocket('udp4');
  const received = [];
  server.on('message', (datagram) => received.push(String(datagram)));
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const result = await run(bundle, uniqueQueue(), server.address().port);
    while (received.at(-1) !== message)
      await once(server, 'message', { signal: AbortSignal.timeout(60_000) });
    const told = result.sent === 1 && result.heard.length === 1 && /koffi: /.test(result.heard[0]);
    check(`${title}: without koffi, says so once and uses UDP`, told, JSON.stringify(result));
  } finally {
    server.close();
  }
}

async function run(bundle, queue, port) {
  // The tag service would be the name of the project that the packages are installed in.
  const env = { ...cleanEnvironment(), AFSTATSD_SERVICE: 'off' };
  const options = { env, timeout: 120_000 };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [bundle, queue, port], options);
  return { ...JSON.parse(stdout), stderr };
}

let queues = 0;
const uniqueQueue = () => `/afstatsd-packed-${process.pid}-${++queues}`;
