import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import path from 'node:path';

/** Where a command of the system is, or undefined. */
export function findCommand(name: string): string | undefined {
  // Servers are in sbin, which isn't in everybody's path.
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether a command ends well. */
export function runs(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args).status === 0;
}

/** A Python that has a module. Debian's own has Debian's packages, and another one may stand before it. */
export function pythonWith(module: string): string | undefined {
  return ['/usr/bin/python3', 'python3'].find((python) => runs(python, '-c', `import ${module}`));
}

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'];

export function findBrowser(): string | undefined {
  return BROWSERS.map(findCommand).find((file) => file !== undefined);
}

/** Where the programs of PostgreSQL are: Debian has a folder for each version, none of which is in the path. */
export function findPostgresql(): string | undefined {
  const root = '/usr/lib/postgresql';
  let versions: string[] = [];
  try {
    versions = readdirSync(root);
  } catch {
    // There is none of Debian's.
  }
  const debians = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => path.join(root, version, 'bin'));
  const initdb = [...debians.map((folder) => path.join(folder, 'initdb')), findCommand('initdb')].find(
    (file) => file !== undefined && isExecutable(file),
  );
  return initdb && path.dirname(initdb);
}
