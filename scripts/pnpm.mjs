// Runs pnpm through npx, in the version that package.json names: node scripts/pnpm.mjs install
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const { packageManager } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'));
const result = spawnSync('npx', ['--yes', packageManager, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
if (result.error) throw result.error;
process.exitCode = result.status ?? 1;
