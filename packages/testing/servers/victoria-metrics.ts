import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useDirectories } from '../directories.js';
import { freePort } from '../free-port.js';
import { usePrograms } from '../program.js';
import { until } from '../until.js';
import { PrometheusServer } from './prometheus.js';

/**
 * Starts a VictoriaMetrics that scrapes every second, and returns once it has scraped. It answers queries as Prometheus does.
 *
 * @param host - of the page, with the port.
 * @param options - further options of the command line.
 */
type Start = (host: string, options?: readonly string[]) => Promise<PrometheusServer>;

/** To be called in a `describe`: the servers of its tests have ended, and what they have stored is removed, after the test. */
export function useVictoriaMetrics(): Start {
  const programs = usePrograms();
  const newDirectory = useDirectories();
  return async (host, options = []) => {
    const folder = newDirectory();
    const port = await freePort();
    const config = join(folder, 'scrape.yml');
    const scrape = { job_name: 'statsd', scrape_interval: '1s', static_configs: [{ targets: [host] }] };
    writeFileSync(config, JSON.stringify({ scrape_configs: [scrape] })); // JSON is YAML
    const program = programs.run('victoria-metrics', [
      `-promscrape.config=${config}`,
      `-storageDataPath=${join(folder, 'data')}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      '-search.latencyOffset=0s',
      '-search.disableCache',
      ...options,
    ]);
    const server = new PrometheusServer(`http://127.0.0.1:${port}`);
    await until('VictoriaMetrics has scraped', async () => {
      if (!program.isRunning) throw new Error(`VictoriaMetrics has ended: ${program.stderr.slice(-2000)}`);
      return !Number.isNaN(await server.number('up'));
    });
    return server;
  };
}
