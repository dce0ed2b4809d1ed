// A strict program type-checks, compiles and runs in each way in which TypeScript resolves modules; in the short form in the way of
// Node.js, in that of bundlers, and in the old one.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { attempt, check } from './checks.mjs';
import { LONG } from './form.mjs';

const compilers = {
  current: fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json'))),
  // The last one that resolves modules in the old way.
  5: fileURLToPath(import.meta.resolve('typescript-5/lib/tsc.js')),
};
const typeRoots = [dirname(dirname(fileURLToPath(import.meta.resolve('@types/node/package.json'))))];
const withNode = { lib: ['es2022'], types: ['node'], typeRoots };
// `console` from the browser's types: the packages' own declarations need no @types/node.
const withoutNode = { lib: ['es2022', 'dom'], types: [] };

const modes = [
  { title: 'nodenext', module: 'nodenext', files: ['user.cts', 'user.mts'], ...withNode },
  { title: 'node16', module: 'node16', files: ['user.cts', 'user.mts'], long: true, ...withNode },
  {
    title: 'bundler',
    module: 'esnext',
    moduleResolution: 'bundler',
    verbatimModuleSyntax: true,
    files: ['user.mts'],
    ...withoutNode,
  },
  {
    title: 'nodenext',
    compiler: 5,
    module: 'nodenext',
    files: ['user.cts', 'user.mts'],
    long: true,
    ...withNode,
  },
  {
    title: 'node10',
    compiler: 5,
    module: 'commonjs',
    moduleResolution: 'node10',
    files: ['user.ts'],
    ...withoutNode,
  },
];

const expected = {
  length: 5,
  paused: true,
  sent: 7,
  pending: 0,
  first: {
    type: 'counter',
    name: 'shop.orders',
    tags: [
      ['method', 'card'],
      ['canary', 'false'],
      ['region', 'eu'],
    ],
    value: 1,
    rate: 1,
  },
  dropped: 0,
  messages: 1,
  warnings: 1,
  instrumented: 'checkout',
  receive: 'ENOENT',
  both: 'closed',
  wrongFormat: 'function',
};

export function checkTypeScript(project) {
  for (const mode of modes) if (LONG || !mode.long) checkMode(project, mode);
}

function checkMode(project, { title: name, compiler = 'current', files, long: _long, ...options }) {
  const title = `TypeScript ${compiler}, ${name}`;
  const folder = join(project, `${name}-${compiler}`);
  mkdirSync(folder);
  for (const file of files) {
    copyFileSync(fileURLToPath(import.meta.resolve('./programs/user.ts')), join(folder, file));
  }
  const strict = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noImplicitOverride: true,
    skipLibCheck: false,
  };
  const compilerOptions = { ...strict, target: 'es2022', outDir: 'out', rootDir: '.', ...options };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const args = [compilers[compiler], '-p', folder, '--pretty', 'false'];
  if (attempt(`${title}: compiles`, process.execPath, args) === undefined) return;
  for (const file of files) {
    const program = join(folder, 'out', file.replace(/ts$/, 'js'));
    const output = attempt(`${title}: ${file} runs`, process.execPath, [program]);
    if (output === undefined) continue;
    check(`${title}: ${file} gives what it should`, output.trim() === JSON.stringify(expected), output);
  }
}
