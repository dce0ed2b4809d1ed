import { MemoryTransport, StatsdClient, type StatsdOptions } from '@afstatsd/core';

const made = new Set<StatsdClient>();

/** A client of its own, what it warned of, and what it has recorded since the last look. */
export class Recorded {
  readonly warnings: string[] = [];
  readonly statsd: StatsdClient;
  readonly #memory = new MemoryTransport();

  constructor(options: StatsdOptions = {}) {
    this.statsd = new StatsdClient({
      transport: this.#memory,
      logger: { warn: (line) => void this.warnings.push(line) },
      interval: 3_600_000,
      handleSignals: false,
      ...options,
    });
    made.add(this.statsd);
  }

  /** By name: the sum of a counter, the value of a gauge, how many values a timer has. */
  async counts(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const [name, values] of Object.entries(await this.values())) {
      const isTimer = name.startsWith('timer ');
      counts[name] = isTimer ? values.length : values[0]!;
    }
    return counts;
  }

  /** By name: the values of a timer, or the one of a counter or gauge. */
  async values(): Promise<Record<string, readonly number[]>> {
    await this.statsd.flush();
    const values: Record<string, readonly number[]> = {};
    for (const metric of this.#memory.metrics) {
      if (metric.type === 'set') throw new Error(`HTTP has no sets, but ${metric.name} is one`);
      values[`${metric.type} ${metric.name}`] = metric.type === 'timer' ? metric.values : [metric.value];
    }
    this.#memory.clear();
    return values;
  }
}

after(async () => {
  await Promise.all([...made].map((statsd) => statsd.shutdown({ timeout: 0 })));
  made.clear();
});
