import { isMainThread } from 'node:worker_threads';
import { startedAt, uptime, version } from './node.js';
import type { StartProbe } from './probe.js';

/** Start and age of the process, and the version that runs it. */
export const startInfo: StartProbe = ({ process }) => {
  if (!isMainThread) return undefined;
  const [major = '', minor = '', patch = ''] = version.replace(/^v/, '').split('.');
  const tags = { version, major, minor, patch };
  return {
    read() {
      process.gauge('process.start.time.seconds', startedAt);
      process.gauge('process.uptime.seconds', uptime());
      process.gauge('nodejs.version.info', 1, tags);
    },
  };
};
