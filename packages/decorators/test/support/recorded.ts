import { type Decoded, MemoryTransport, StatsdClient, type StatsdOptions } from '@afstatsd/core';

const made = new Set<StatsdClient>();

/** A client of its own, what it warned of, and what it has recorded since the last look. */
export class Recorded {
  readonly warnings: string[] = [];
  readonly statsd: StatsdClient;
  readonly #memory = new MemoryTransport();

  constructor(options: StatsdOptions = {}) {
    const logger = { warn: (line: string) => void this.warnings.push(line) };
    const transport = this.#memory;
    this.statsd = new StatsdClient({
      transport,
      logger,
      interval: 3_600_000,
      handleSignals: false,
      ...options,
    });
    made.add(this.statsd);
  }

  async metrics(): Promise<Decoded[]> {
    await this.statsd.flush();
    const { metrics } = this.#memory;
    this.#memory.clear();
    return metrics;
  }

  /** By name: the sum of a counter, the value of a gauge, how many values a timer has. */
  async counts(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const metric of await this.metrics()) {
      if (metric.type === 'set') throw new Error(`no decorator records sets, but ${metric.name} is one`);
      counts[`${metric.type} ${metric.name}`] = metric.type === 'timer' ? metric.values.length : metric.value;
    }
    return counts;
  }

  /** The values of a timer, in ms. */
  async timings(name: string): Promise<number[]> {
    const metrics = await this.metrics();
    return metrics.flatMap((metric) =>
      metric.type === 'timer' && metric.name === name ? metric.values : [],
    );
  }
}

after(async () => {
  await Promise.all([...made].map((statsd) => statsd.shutdown({ timeout: 0 })));
  made.clear();
});
