// Bundles the collector's live page (packages/collector/live-page) into packages/collector/dist/live-page, from which the collector
// serves it. The page has no dependency at run time: the chart library is in the bundle, and its license beside it.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const collector = join(import.meta.dirname, '../packages/collector');
const [from, to] = [join(collector, 'live-page'), join(collector, 'dist/live-page')];
const uplot = dirname(createRequire(join(collector, 'package.json')).resolve('uplot/package.json'));

mkdirSync(to, { recursive: true });
await build({
  entryPoints: { app: join(from, 'main.ts') },
  outdir: to,
  bundle: true,
  minify: true,
  format: 'iife',
  target: ['chrome109', 'firefox115', 'safari16'],
  legalComments: 'none',
  logLevel: 'warning',
});
const styles = [join(uplot, 'dist/uPlot.min.css'), join(from, 'style.css')].map((file) =>
  readFileSync(file, 'utf8'),
);
writeFileSync(join(to, 'app.css'), styles.join('\n'));
for (const file of ['index.html', 'icon.svg']) copyFileSync(join(from, file), join(to, file));
const { name, version } = JSON.parse(readFileSync(join(uplot, 'package.json'), 'utf8'));
const license = readFileSync(join(uplot, 'LICENSE'), 'utf8');
writeFileSync(join(to, 'licenses.txt'), `app.js and app.css contain ${name} ${version}:\n\n${license}`);
