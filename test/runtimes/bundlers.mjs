// The bundlers, each with the options that docs/runtimes.md shows.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { project } from './from-npm.mjs';

/** Exact versions. */
export const VERSIONS = {
  esbuild: '0.28.2',
  rolldown: '1.3.2',
  vite: '8.3.8',
  webpack: '5.113.0',
  '@rspack/core': '2.3.3',
  rollup: '4.68.8',
  '@rollup/plugin-commonjs': '29.0.3',
  '@rollup/plugin-node-resolve': '16.0.3',
  '@rollup/plugin-json': '6.1.0',
  '@vercel/ncc': '0.45.0',
};
/** What a bundled app has beside our packages. */
const APP = { express: '5.3.0', fastify: '5.12.8', 'reflect-metadata': '0.2.2' };

/** The packages of {@link BUNDLERS} whose name is another. */
const PACKAGES = { Vite: 'vite', Rspack: '@rspack/core', Rollup: 'rollup', ncc: '@vercel/ncc' };

/** A bundler's title, with its version: `esbuild 0.28.2, cjs`. */
export function titleOf(name) {
  const [bundler, ...form] = name.split(', ');
  return [`${bundler} ${VERSIONS[PACKAGES[bundler] ?? bundler]}`, ...form].join(', ');
}

/** What a bundle that is an ES module begins with, so that packages in it can `require`. */
const BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const run = (compiler, options) =>
  new Promise((resolve, reject) => {
    compiler(options, (error, stats) => {
      if (error) reject(error);
      else if (stats.hasErrors()) reject(new Error(stats.toString({ all: false, errors: true })));
      else resolve();
    });
  });

/** webpack's options, which Rspack has, too. */
const webpackOptions = ({ entry, out, file, external }) => ({
  mode: 'production',
  target: 'node',
  entry,
  output: { path: out, filename: file },
  externals: { 'posix-mq': 'commonjs posix-mq', ...(external && { koffi: 'commonjs koffi' }) },
});

/**
 * @typedef {object} Build
 * @property {string} entry - the program, without its extension.
 * @property {string} out - the folder for the bundle.
 * @property {boolean} external - whether koffi is left out.
 *
 * A bundler writes the bundle, and returns its file's name.
 * @type {Readonly<Record<string, (load: (name: string) => Promise<any>, build: Build) => Promise<string>>>}
 */
export const BUNDLERS = {
  async 'esbuild, cjs'(load, { entry, out, external }) {
    const options = {
      bundle: true,
      platform: 'node',
      logLevel: 'silent',
      external: external ? ['koffi'] : [],
    };
    const { build } = await load('esbuild');
    await build({ entryPoints: [`${entry}.cjs`], outfile: join(out, 'esbuild.cjs'), ...options });
    return 'esbuild.cjs';
  },
  async 'esbuild, esm'(load, { entry, out, external }) {
    const options = {
      bundle: true,
      platform: 'node',
      logLevel: 'silent',
      external: external ? ['koffi'] : [],
    };
    const esm = { format: 'esm', banner: { js: BANNER } };
    const { build } = await load('esbuild');
    await build({ entryPoints: [`${entry}.mjs`], outfile: join(out, 'esbuild.mjs'), ...esm, ...options });
    return 'esbuild.mjs';
  },
  async rolldown(load, { entry, out, external }) {
    const options = {
      input: `${entry}.mjs`,
      platform: 'node',
      external: external ? ['koffi'] : [],
      logLevel: 'silent',
    };
    const { rolldown } = await load('rolldown');
    const bundle = await rolldown(options);
    await bundle.write({ file: join(out, 'rolldown.mjs'), format: 'esm' });
    return 'rolldown.mjs';
  },
  async 'Vite, SSR'(load, { entry, out, external }) {
    const { build } = await load('vite');
    await build({
      configFile: false,
      root: out,
      logLevel: 'silent',
      ssr: { noExternal: true, external: external ? ['koffi'] : [] },
      build: {
        ssr: `${entry}.mjs`,
        outDir: join(out, 'vite'),
        rollupOptions: { output: { entryFileNames: 'vite.mjs' } },
      },
    });
    return 'vite/vite.mjs';
  },
  async webpack(load, { entry, out, external }) {
    const { default: webpack } = await load('webpack');
    await run(webpack, webpackOptions({ entry: `${entry}.cjs`, out, file: 'webpack.cjs', external }));
    return 'webpack.cjs';
  },
  async Rspack(load, { entry, out, external }) {
    const { rspack } = await load('@rspack/core');
    await run(rspack, webpackOptions({ entry: `${entry}.cjs`, out, file: 'rspack.cjs', external }));
    return 'rspack.cjs';
  },
  async Rollup(load, { entry, out, external }) {
    const [{ rollup }, { default: resolve }, { default: commonjs }, { default: json }] = await Promise.all(
      ['rollup', '@rollup/plugin-node-resolve', '@rollup/plugin-commonjs', '@rollup/plugin-json'].map(load),
    );
    const plugins = [
      resolve({ preferBuiltins: true }),
      json(),
      commonjs({ ignore: ['posix-mq', ...(external ? ['koffi'] : [])] }),
    ];
    const options = { input: `${entry}.mjs`, plugins, onwarn: () => {} };
    const bundle = await rollup(options);
    await bundle.write({ file: join(out, 'rollup.mjs'), format: 'esm', banner: BANNER });
    return 'rollup.mjs';
  },
  async ncc(load, { entry, out, external }) {
    const options = { quiet: true, cache: false, externals: external ? ['koffi', 'posix-mq'] : ['posix-mq'] };
    const { default: ncc } = await load('@vercel/ncc');
    const { code, assets } = await ncc(`${entry}.cjs`, options);
    for (const [name, { source }] of Object.entries(assets)) {
      mkdirSync(dirname(join(out, name)), { recursive: true });
      writeFileSync(join(out, name), source);
    }
    writeFileSync(join(out, 'ncc.cjs'), code);
    return 'ncc.cjs';
  },
};

/** The folder of a project that has all of them. Rejects if npm can't have it. */
export const installed = () => project('bundlers', { ...VERSIONS, ...APP });

const PROGRAMS = join(import.meta.dirname, 'programs');
let bundles = 0;

/**
 * Bundles a program of `programs`, in a folder that koffi is found from.
 *
 * @param {string} name - of the bundler.
 * @param {{ program: string, external: boolean, prepare?: (out: string) => void }} build - the program without its extension,
 * whether koffi is left out, and what puts further files beside the program.
 * @returns {Promise<{ out: string, file: string }>} the folder, and the bundle in it.
 */
export async function bundle(name, { program, external, prepare }) {
  const folder = await installed();
  const out = join(folder, `out-${process.pid}-${bundles++}`);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out);
  for (const extension of ['cjs', 'mjs'])
    copyFileSync(join(PROGRAMS, `${program}.${extension}`), join(out, `${program}.${extension}`));
  prepare?.(out);
  writeFileSync(join(folder, 'load.mjs'), 'export const load = (name) => import(name);\n');
  const { load } = await import(pathToFileURL(join(folder, 'load.mjs')));
  const file = await BUNDLERS[name](load, { entry: join(out, program), out, external });
  return { out, file };
}
