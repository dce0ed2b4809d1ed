#!/usr/bin/env bash
# In a bundle of webpack, Rspack, Rollup or rolldown the second `require` of a module that threw gives `{}` in place of the error.
#
# Node.js forgets a CommonJS module that threw while it loaded, so each `require` throws again. The loaders in these bundles keep
# its unfinished `exports`. So a library that tries its native binding again later doesn't see why it is missing, but an object
# without members, and fails with `… is not a function`. Bundles of esbuild and ncc throw each time, as Node.js does.
# Seen with webpack 5.113.0 and Rspack 2.3.3 (where `output.strictModuleErrorHandling` is for that), Rollup 4.68.8 with
# @rollup/plugin-commonjs 29.0.3, rolldown 1.3.2, esbuild 0.28.2, ncc 0.45.0.
#
# afstatsd remembers the error of the first `require('koffi')`.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >binding.js <<'PROGRAM'
throw new Error('the library is missing');
PROGRAM
cat >main.js <<'PROGRAM'
const seen = [];
for (const attempt of [1, 2]) {
  try {
    seen.push(JSON.stringify(require('./binding.js')), attempt);
  } catch (error) {
    seen.push('throws');
  }
}
console.log(seen[0], seen[1]);
PROGRAM
cat >bundle.mjs <<'PROGRAM'
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { rspack } from '@rspack/core';
import commonjs from '@rollup/plugin-commonjs';
import esbuild from 'esbuild';
import { rolldown } from 'rolldown';
import { rollup } from 'rollup';
import webpack from 'webpack';

const input = './main.js';
const like = (name) => ({
  mode: 'production',
  target: 'node',
  entry: input,
  output: { path: process.cwd(), filename: `${name}.cjs` },
});
await promisify(webpack)(like('webpack'));
await promisify(rspack)(like('rspack'));
await (await rollup({ input, plugins: [commonjs()] })).write({ file: 'rollup.mjs' });
await (await rolldown({ input, platform: 'node' })).write({ file: 'rolldown.mjs' });
await esbuild.build({ entryPoints: [input], bundle: true, platform: 'node', outfile: 'esbuild.cjs', logLevel: 'error' });
const ncc = createRequire(import.meta.url)('@vercel/ncc');
const { code } = await ncc(`${process.cwd()}/main.js`, { quiet: true });
await (await import('node:fs/promises')).writeFile('ncc.cjs', code);
PROGRAM

npm install --silent --no-audit --no-fund webpack@5.113.0 @rspack/core@2.3.3 rollup@4.68.8 @rollup/plugin-commonjs@29.0.3 \
  rolldown@1.3.2 esbuild@0.28.2 @vercel/ncc@0.45.0 >/dev/null
node bundle.mjs

changed=0
expect() { # file, what is seen
  local seen
  seen=$(node "$1")
  echo "$1: $seen"
  [ "$seen" = "$2" ] || changed=1
}
expect main.js 'throws throws'
expect esbuild.cjs 'throws throws'
expect ncc.cjs 'throws throws'
expect webpack.cjs 'throws {}'
expect rspack.cjs 'throws {}'
expect rollup.mjs 'throws {}'
expect rolldown.mjs 'throws {}'
[ $changed = 0 ] || { echo 'This has changed.'; exit 1; }
