import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The sources of the page. */
export const LIVE_PAGE = join(import.meta.dirname, '../../packages/collector/live-page');

/**
 * Bundles the collector's live page into a folder. The page has no dependency at run time: the chart library is in the bundle, and
 * its license beside it.
 *
 * @param {object} parts
 * @param {typeof import('esbuild').build} parts.build esbuild's.
 * @param {string} parts.uplot the file `uplot/package.json`.
 * @param {string} parts.to the folder.
 */
export async function bundleLivePage({ build, uplot, to }) {
  const { name, version } = JSON.parse(readFileSync(uplot, 'utf8'));
  const library = dirname(uplot);
  mkdirSync(to, { recursive: true });
  await build({
    entryPoints: { app: join(LIVE_PAGE, 'main.ts') },
    outdir: to,
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['chrome109', 'firefox115', 'safari16'],
    // Wherever the library is installed.
    alias: { uplot: library },
    legalComments: 'none',
    logLevel: 'warning',
  });
  const styles = [join(library, 'dist/uPlot.min.css'), join(LIVE_PAGE, 'style.css')].map((file) =>
    readFileSync(file, 'utf8'),
  );
  writeFileSync(join(to, 'app.css'), styles.join('\n'));
  for (const file of ['index.html', 'icon.svg']) copyFileSync(join(LIVE_PAGE, file), join(to, file));
  const license = readFileSync(join(library, 'LICENSE'), 'utf8');
  writeFileSync(join(to, 'licenses.txt'), `app.js and app.css contain ${name} ${version}:\n\n${license}`);
}
