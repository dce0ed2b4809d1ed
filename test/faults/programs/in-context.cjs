'use strict';

// Runs a program, and all of afstatsd with it, in a context of node:vm, as test runners do: with globals of its own, of which most are
// missing. `in-context.cjs FILE ARGUMENT…`
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

const context = vm.createContext({ Buffer, console, process });
const loaded = new Map();

function load(file) {
  const known = loaded.get(file);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  loaded.set(file, module);
  const outside = createRequire(file);
  const require = (id) => {
    const target = outside.resolve(id);
    // Those of others: koffi, for instance, loads native code, which comes once a process.
    const isOutside =
      !path.isAbsolute(target) || !target.endsWith('.js') || target.includes('/node_modules/');
    return isOutside && !target.endsWith('.cjs') ? outside(id) : load(target);
  };
  require.resolve = outside.resolve;
  const names = ['exports', 'require', 'module', '__filename', '__dirname'];
  const wrapped = vm.compileFunction(readFileSync(file, 'utf8'), names, {
    filename: file,
    parsingContext: context,
  });
  Reflect.apply(wrapped, module.exports, [module.exports, require, module, file, path.dirname(file)]);
  return module.exports;
}

load(path.resolve(process.argv[2]));
