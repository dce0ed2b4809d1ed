import path from 'node:path';
import { useDirectories } from '../directories.js';
import { usePrograms } from '../program.js';

/**
 * To be called in a `describe`: its servers have ended, and their files are removed, after the test.
 *
 * @returns what starts a Redis that keeps nothing on disk, and returns the path of its socket.
 */
export function useRedis(): () => Promise<string> {
  const newDirectory = useDirectories();
  const programs = usePrograms();
  return async () => {
    const folder = newDirectory();
    const socket = path.join(folder, 'redis.sock');
    const options = { port: '0', unixsocket: socket, save: '', appendonly: 'no', dir: folder };
    const server = programs.run(
      'redis-server',
      Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
    );
    await server.printed('eady to accept connections');
    return socket;
  };
}
