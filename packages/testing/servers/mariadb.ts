import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { useDirectories } from '../directories.js';
import { usePrograms } from '../program.js';

/**
 * To be called in a `describe`: its servers have ended, and their files are removed, after the test.
 *
 * @returns what starts a MariaDB that lets everybody in, and returns the path of its socket.
 */
export function useMariaDB(): () => Promise<string> {
  const newDirectory = useDirectories();
  const programs = usePrograms();
  return async () => {
    const folder = newDirectory();
    const data = path.join(folder, 'data');
    mkdirSync(data);
    const socket = path.join(folder, 'mariadb.sock');
    // It makes what it needs in an empty folder, but for the tables of users, which it isn't to look at.
    const server = programs.run('mariadbd', [
      '--no-defaults',
      '--user=root',
      '--skip-networking',
      '--skip-grant-tables',
      '--innodb-buffer-pool-size=8M',
      '--innodb-log-file-size=4M',
      `--datadir=${data}`,
      `--socket=${socket}`,
      `--pid-file=${path.join(folder, 'pid')}`,
    ]);
    await server.printed('ready for connections');
    return socket;
  };
}
