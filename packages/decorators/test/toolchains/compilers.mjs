// Each compiles programs of this folder to another folder, as modules of JavaScript.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { transformAsync } from '@babel/core';
import swcCore from '@swc/core';
import { transform } from 'esbuild';
import { execute } from './execute.mjs';

const require = createRequire(import.meta.url);
const versionOf = (dependency) => require(`${dependency}/package.json`).version;
const sourceOf = (program) => join(import.meta.dirname, `${program}.mts`);

/** A toolchain that compiles one file at a time, without knowing the types of others. */
function byFile(dependency, compileFile) {
  const compile = async (programs, out, settings) => {
    for (const program of programs) {
      const path = sourceOf(program);
      const { code } = await compileFile(readFileSync(path, 'utf8'), path, settings);
      writeFileSync(join(out, `${program}.mjs`), code);
    }
  };
  return { label: `${dependency} ${versionOf(dependency)}`, compile };
}

/** The TypeScript compiler that is installed under this name. It checks the programs, too. */
export function tsc(dependency) {
  const compiler = join(dirname(require.resolve(`${dependency}/package.json`)), 'bin/tsc');
  const compile = async (programs, out, settings) => {
    const compilerOptions = {
      lib: ['es2022'],
      module: 'nodenext',
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: true,
      rootDir: import.meta.dirname,
      outDir: '.',
      ...settings,
    };
    const project = join(out, 'tsconfig.json');
    writeFileSync(project, JSON.stringify({ compilerOptions, files: programs.map(sourceOf) }));
    await execute([compiler, '--project', project, '--pretty', 'false']);
  };
  return { label: `tsc ${versionOf(dependency)}`, compile };
}

/** Takes its own options `target` and `keepNames`, and others as in a tsconfig.json. */
export const esbuild = byFile('esbuild', (source, sourcefile, { target, keepNames, ...compilerOptions }) =>
  transform(source, { loader: 'ts', sourcefile, target, keepNames, tsconfigRaw: { compilerOptions } }),
);

/** Takes what swc calls `transform`. */
export const swc = byFile('@swc/core', (source, filename, decorators) =>
  swcCore.transform(source, {
    filename,
    swcrc: false,
    module: { type: 'es6' },
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: decorators,
    },
  }),
);

/** Takes the options of plugin-proposal-decorators. */
export const babel = byFile('@babel/core', (source, filename, decorators) =>
  transformAsync(source, {
    filename,
    babelrc: false,
    configFile: false,
    presets: [require.resolve('@babel/preset-typescript')],
    plugins: [[require.resolve('@babel/plugin-proposal-decorators'), decorators]],
  }),
);

// False: it can, once it is told to.
const { typescript } = process.features;

/** Node, which runs TypeScript by taking the types out of it; undefined where it can't do that at all. */
export const nodeItself = typescript !== undefined && {
  label: `Node ${process.version}`,
  flags: typescript === false ? ['--experimental-strip-types'] : [],
  extension: 'mts',
  compile: async (programs, out) => {
    for (const program of programs) copyFileSync(sourceOf(program), join(out, `${program}.mts`));
  },
};
