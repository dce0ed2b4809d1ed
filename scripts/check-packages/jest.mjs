// A test that users would write with MemoryTransport passes under Jest, and Jest ends by itself.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { attempt } from './checks.mjs';

const jest = fileURLToPath(import.meta.resolve('jest/bin/jest'));
const test = fileURLToPath(import.meta.resolve('./programs/metrics.test.cjs'));

export function checkJest(project) {
  const folder = join(project, 'jest');
  mkdirSync(folder);
  copyFileSync(test, join(folder, 'metrics.test.js'));
  writeFileSync(join(folder, 'jest.config.json'), JSON.stringify({ transform: {}, watchman: false }));
  const args = [
    jest,
    '--rootDir',
    folder,
    '--config',
    join(folder, 'jest.config.json'),
    '--ci',
    '--no-cache',
  ];
  attempt('Jest runs a CommonJS test', process.execPath, args, { cwd: folder, timeout: 180_000 });
}
