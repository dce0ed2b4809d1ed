// Run by `pnpm pack` in the folder of a package: puts its code into one file, `dist/bundle/all.js`, and beside that a file for each
// of its doors, so that loading it is one read and one compilation. Types and source maps lead to `dist/src` and `src` as before.
//
// The code stays as tsc wrote it, one function a module, evaluated when it is first required. So the doors share all that they share in
// the workspace, and what a door doesn't need is not evaluated.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, relative } from 'node:path';
import { build } from 'esbuild';

const folder = process.cwd();
const target = join(folder, 'dist/bundle');
const require = createRequire(join(folder, 'package.json'));
const manifest = require('./package.json');

/** Files of `dist/src` that are required by their paths, in Node.js's own realm. */
const BESIDE = { '@afstatsd/core': ['host/weak.js', 'host/held-loop.js'] };

/** `./http` → what is built, and where it goes: `dist/src/http/index.js`, `dist/bundle/http.js`. */
const doors = Object.entries(manifest.publishConfig.exports)
  .filter(([, entry]) => typeof entry === 'object')
  .map(([door, entry]) => ({
    source: join(folder, manifest.exports[door].default),
    file: join(folder, entry.default),
  }));

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

const inside = (file) => `./${relative(join(folder, 'dist/src'), file)}`;
const getters = doors.map(({ source }, i) => `  get _${i}() { return require('${inside(source)}'); },`);
await build({
  stdin: {
    contents: `module.exports = {\n${getters.join('\n')}\n};\n`,
    resolveDir: join(folder, 'dist/src'),
    sourcefile: 'doors.js',
  },
  outfile: join(target, 'all.js'),
  bundle: true,
  platform: 'node',
  target: `node${manifest.engines.node.replace('>=', '')}`,
  // Every package stays a package of its own: `require('koffi')` is one that bundlers see.
  packages: 'external',
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'inline',
  logLevel: 'warning',
});

for (const [i, { source, file }] of doors.entries()) {
  const exported = require(source);
  // One by one, because Node.js looks for these names when a module imports them.
  const names = Object.keys(exported);
  const door = `require('./all.js')._${i}`;
  const lines =
    typeof exported === 'function'
      ? [
          `const door = ${door};`,
          'module.exports = door;',
          ...names.map((name) => `module.exports.${name} = door.${name};`),
        ]
      : [
          "Object.defineProperty(exports, '__esModule', { value: true });",
          `const door = ${door};`,
          ...names.map((name) => `exports.${name} = door.${name};`),
        ];
  writeFileSync(file, `'use strict';\n${lines.join('\n')}\n`);
}

for (const file of BESIDE[manifest.name] ?? []) {
  cpSync(join(folder, 'dist/src', file), join(target, basename(file)));
}
