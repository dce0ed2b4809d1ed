'use strict';

// Required before a program, it gives the published form of core, mqueue and decorators to whoever requires one of their doors:
// the one file that `scripts/bundle-package.mjs` makes, in place of `dist/src`. So tests see what users get.
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const packages = path.join(__dirname, '../packages') + path.sep;

/** The file of each door in `dist/src`, and the file that is published for it. */
const published = new Map();
for (const folder of ['core', 'decorators', 'mqueue']) {
  const manifest = JSON.parse(readFileSync(path.join(packages, folder, 'package.json'), 'utf8'));
  for (const [door, entry] of Object.entries(manifest.publishConfig.exports)) {
    if (typeof entry !== 'object') continue;
    published.set(
      path.join(packages, folder, manifest.exports[door].default),
      path.join(packages, folder, entry.default),
    );
  }
}

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, parent, ...rest) {
  const file = resolve.call(this, request, parent, ...rest);
  // The published code itself, and what it was made of, find each other as they are.
  const isOwn =
    parent?.filename?.startsWith(packages) && /\/(core|decorators|mqueue)\/dist\/src\//.test(parent.filename);
  return (!isOwn && published.get(file)) || file;
};
