import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { LIVE_PAGE, bundleLivePage } from '../live-page/bundle.mjs';
import { DEMO, PACKAGES, ROOT } from './places.mjs';

/** Says from which sources the demo was built. */
const STAMP = join(DEMO, 'built');

/** Each part: its folder in the workspace, and its place in `.demo`, where programs find it as they find a package from npm. */
const PARTS = [
  ...PACKAGES.map((name) => ({
    from: join(ROOT, 'packages', name),
    to: join(DEMO, 'node_modules/@afstatsd', name),
  })),
  { from: join(ROOT, 'examples/shop'), to: join(DEMO, 'shop') },
];

/**
 * Turns the TypeScript of our packages and of the shop into JavaScript, file by file. Types aren't checked, because that takes
 * most of the time of a build.
 */
export async function build() {
  const wanted = stamp();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted && PARTS.every(({ to }) => existsSync(to)))
    return 'built already';
  rmSync(STAMP, { force: true });
  const demo = createRequire(join(DEMO, 'package.json'));
  const esbuild = demo('esbuild');
  for (const { from, to } of PARTS) {
    rmSync(to, { recursive: true, force: true });
    mkdirSync(to, { recursive: true });
    for (const file of ownFiles(from)) copyFileSync(join(from, file), join(to, file));
    await esbuild.build({
      entryPoints: sources(from).map((file) => join(from, file)),
      outbase: from,
      outdir: join(to, 'dist'),
      format: 'cjs',
      platform: 'node',
      target: 'es2022',
      // Those of tsconfig.base.json that change what is written.
      tsconfigRaw: { compilerOptions: { target: 'es2022', experimentalDecorators: false } },
      logLevel: 'silent',
    });
  }
  await bundleLivePage({
    build: esbuild.build,
    uplot: demo.resolve('uplot/package.json'),
    to: join(DEMO, 'node_modules/@afstatsd/collector/dist/live-page'),
  });
  writeFileSync(STAMP, wanted);
  return undefined;
}

/** The manifest and JavaScript written by hand. */
function ownFiles(folder) {
  return readdirSync(folder).filter((file) => file === 'package.json' || /\.c?js$/.test(file));
}

function sources(folder) {
  return readdirSync(join(folder, 'src'), { recursive: true })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => join('src', file));
}

function filesIn(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Changes with every source that changes. */
function stamp() {
  const hash = createHash('sha256');
  const files = PARTS.flatMap(({ from }) =>
    [...ownFiles(from), ...sources(from)].map((file) => join(from, file)),
  );
  for (const file of [...files, ...filesIn(LIVE_PAGE)].sort()) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}
