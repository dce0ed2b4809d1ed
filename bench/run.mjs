// Runs every benchmark, one after the other, each in a process of its own: node bench/run.mjs [name]...
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BENCHMARKS = {
  'hot-path': [],
  'hot-shots': [],
  catalogue: [],
  exemplars: [],
  decorators: [],
  http: [],
  // Young generations so large that no collection falls between two readings of the heap.
  allocation: ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128'],
  'event-loop': [],
  formats: [],
  'timer-accuracy': [],
  backlog: ['--expose-gc'],
  collector: [],
  page: [],
  'runtime-metrics': [],
  'collector-input': [],
  'known-lines': [],
  loading: [],
  auto: [],
  rules: [],
  'request-tags': [],
  blocking: [],
  nestjs: [],
  'app-page': [],
  'request-calls': [],
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(BENCHMARKS);
for (const name of names) {
  if (!Object.hasOwn(BENCHMARKS, name)) {
    throw new Error(`there is no benchmark ${name}; there are ${Object.keys(BENCHMARKS).join(', ')}`);
  }
  const file = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
  console.log(`\n${name}`);
  const { status } = spawnSync(process.execPath, [...BENCHMARKS[name], file], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
