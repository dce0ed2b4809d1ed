// Bundles the collector's live page (packages/collector/live-page) into packages/collector/dist/live-page, from which the collector
// serves it.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleLivePage } from './live-page/bundle.mjs';

const collector = join(import.meta.dirname, '../packages/collector');
await bundleLivePage({
  build,
  uplot: createRequire(join(collector, 'package.json')).resolve('uplot/package.json'),
  to: join(collector, 'dist/live-page'),
});
