import { execFile } from 'node:child_process';
import { chownSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { useCleanup } from '../cleanup.js';
import { findPostgresql } from '../commands.js';
import { useDirectories } from '../directories.js';
import { NOBODY } from '../other-user.js';
import { usePrograms } from '../program.js';
import { isRoot } from '../requirements.js';

const run = promisify(execFile);

/**
 * To be called in a `describe`: its servers have ended, and their files are removed, after the test.
 *
 * @returns what starts a PostgreSQL that lets everybody in as `postgres`, and returns the folder of its socket.
 */
export function usePostgresql(): () => Promise<string> {
  const newDirectory = useDirectories();
  const programs = usePrograms();
  const later = useCleanup();
  return async () => {
    const folder = newDirectory();
    const data = path.join(folder, 'data');
    if (isRoot) chownSync(folder, NOBODY, NOBODY);
    const initdb = asUser([
      'initdb',
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--no-locale',
      '--no-sync',
    ]);
    // From here, because a user without rights may be unable to go to the folder of the tests.
    await run(initdb.command, initdb.args, { cwd: folder });
    const settings = {
      listen_addresses: '',
      unix_socket_directories: folder,
      fsync: 'off',
      shared_buffers: '8MB',
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const { command, args } = asUser(['postgres', '-D', data, ...flags]);
    const server = programs.run(command, args);
    // Killed, it would leave shared memory behind.
    later(async () => void (server.isRunning && (await server.kill('SIGQUIT'))));
    await server.printed('database system is ready to accept connections');
    return folder;
  };
}

/** PostgreSQL refuses to run as root. */
function asUser([program, ...args]: readonly [string, ...string[]]): { command: string; args: string[] } {
  const command = path.join(findPostgresql() ?? '', program);
  if (!isRoot) return { command, args };
  const flags = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  return { command: 'setpriv', args: [...flags, command, ...args] };
}
