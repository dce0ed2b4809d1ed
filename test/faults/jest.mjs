// Jest, run on test files that are made for it.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Program } from '@afstatsd/testing';

const require = createRequire(import.meta.url);
export const JEST = require.resolve('jest/bin/jest');
/** A line of a test file. */
export const CORE = `const { AFTransport, Statsd, StatsdClient, UDSTransport } = require(${JSON.stringify(require.resolve('@afstatsd/core'))});`;

/**
 * Runs test files in one process, one after the other.
 *
 * @param {string} folder - an empty one, for the files.
 * @param {readonly string[]} files - the text of each.
 * @param {{ config?: object, node?: string[], env?: NodeJS.ProcessEnv }} [options] - `node`: flags of Node.js.
 * @returns {Promise<{ how: number | NodeJS.Signals, stdout: string, stderr: string }>}
 */
export async function runJest(folder, files, { config = {}, node = [], env = {} } = {}) {
  for (const [i, text] of files.entries()) {
    writeFileSync(join(folder, `${String(i).padStart(2, '0')}.test.js`), text);
  }
  const all = { rootDir: folder, transform: {}, watchman: false, ...config };
  const program = new Program(
    process.execPath,
    [...node, JEST, '--config', JSON.stringify(all), '--ci', '--no-cache', '--runInBand'],
    { env },
  );
  try {
    const how = await program.exit();
    return { how, stdout: program.stdout, stderr: program.stderr };
  } finally {
    await program.remove();
  }
}
