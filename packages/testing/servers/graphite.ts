import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { useDirectories } from '../directories.js';
import { freePort } from '../free-port.js';
import { usePrograms } from '../program.js';
import { until } from '../until.js';
import { type Carbon, useCarbon } from './carbon.js';

const STATSD = require.resolve('statsd/stats.js');

/** etsy's `statsd` in front of a real carbon. */
export interface Graphite extends Pick<Carbon, 'points' | 'read'> {
  /** The UDP port of `statsd`. */
  readonly port: number;
}

/** To be called in a `describe`: its servers have ended, and their files are removed, after the test. */
export function useGraphite(): () => Promise<Graphite> {
  const newDirectory = useDirectories();
  const programs = usePrograms();
  const startCarbon = useCarbon();
  return async () => {
    const carbon = await startCarbon();
    const [udp, management] = await Promise.all([freePort(), freePort()]);
    const settings = path.join(newDirectory(), 'statsd.js');
    writeFileSync(
      settings,
      JSON.stringify({
        port: udp,
        address: '127.0.0.1',
        mgmt_address: '127.0.0.1',
        mgmt_port: management,
        automaticConfigReload: false,
        flushInterval: 1000,
        percentThreshold: [90, 95, 99],
        backends: ['./backends/graphite'],
        graphiteHost: '127.0.0.1',
        graphitePort: carbon.port,
        graphite: { legacyNamespace: false },
      }),
    );
    const statsd = programs.node([STATSD, settings]);
    // What `statsd` says of itself is there once both work.
    await until('carbon has stored something', async () => {
      carbon.check();
      if (!statsd.isRunning) throw new Error(`statsd has ended: ${statsd.stderr}${statsd.stdout}`);
      return (await carbon.read('stats.statsd.*')).size > 0;
    });
    return { port: udp, points: (series) => carbon.points(series), read: (wanted) => carbon.read(wanted) };
  };
}
