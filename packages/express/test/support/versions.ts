import path from 'node:path';
import express5 from 'express';

export type Express = typeof express5;

const MODULES = { 'Express 4': 'express-4', 'Express 5': 'express' };
type Version = keyof typeof MODULES;

const VERSIONS = Object.keys(MODULES) as Version[];
const express4 = require(MODULES['Express 4']) as Express;

/** Tests that are the same for all versions. The types are those of Express 5. */
export function forEachExpress(title: string, tests: (express: Express, version: Version) => void): void {
  for (const version of VERSIONS) {
    describe(`${title} (${version})`, () => tests(version === 'Express 4' ? express4 : express5, version));
  }
}

/** An Express that shares no prototypes with others: light-my-request replaces them, after which no real server works. */
export function isolatedExpress(version: Version): Express {
  const file = require.resolve(MODULES[version]);
  const folder = path.dirname(file) + path.sep;
  const kept = Object.entries(require.cache).filter(([name]) => name.startsWith(folder));
  for (const [name] of kept) delete require.cache[name];
  const isolated = require(file) as Express;
  for (const name of Object.keys(require.cache)) if (name.startsWith(folder)) delete require.cache[name];
  Object.assign(require.cache, Object.fromEntries(kept));
  return isolated;
}
