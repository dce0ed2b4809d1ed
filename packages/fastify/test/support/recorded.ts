import { MemoryTransport, StatsdClient, type StatsdOptions } from '@afstatsd/core';
import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';

const made = new Set<Recorded>();

/** A client of its own, and what it has recorded and warned of. Tags are folded into the names. */
export class Recorded {
  readonly warnings: string[] = [];
  readonly statsd: StatsdClient;
  /** The values of each timer since the last look. */
  readonly values = new Map<string, number[]>();
  readonly #memory = new MemoryTransport();
  /** Sums of counters, and how many values timers have got. */
  readonly #counts = new Map<string, number>();
  readonly #gauges = new Map<string, number>();

  constructor(options: StatsdOptions = {}) {
    this.statsd = new StatsdClient({
      transport: this.#memory,
      logger: { warn: (line) => void this.warnings.push(line) },
      interval: 3_600_000,
      handleSignals: false,
      ...options,
    });
    made.add(this);
  }

  /**
   * Waits until exactly this is recorded since the last look: by name, how many values a timer has, or the sum of a counter.
   * Ends the look; what is recorded later, or by the end of the test, has to be expected as well.
   */
  async is(expected: Readonly<Record<string, number>>): Promise<Map<string, number[]>> {
    const end = Date.now() + 3_000;
    do await this.look();
    while (JSON.stringify(sorted(this.counts)) !== JSON.stringify(sorted(expected)) && Date.now() < end);
    expect(this.counts).to.deep.equal(expected);
    const values = new Map(this.values);
    this.forget();
    return values;
  }

  /** What the gauge says at a flush. */
  async gauge(name: string): Promise<number | undefined> {
    await this.look();
    return this.#gauges.get(name);
  }

  async gaugeIs(name: string, value: number): Promise<void> {
    const end = Date.now() + 3_000;
    while ((await this.gauge(name)) !== value && Date.now() < end);
    expect(await this.gauge(name), name).to.equal(value);
  }

  /** By name, what was recorded since the last look; gauges aside. */
  get counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  /** Lets others work, and then takes in what has been recorded. */
  async look(): Promise<void> {
    await delay(1);
    await this.statsd.flush();
    const { metrics } = this.#memory;
    this.#memory.clear();
    for (const metric of metrics) {
      const { type, name } = metric;
      if (type === 'set') throw new Error(`no set is recorded, but ${name} is one`);
      if (type === 'gauge') this.#gauges.set(name, metric.value);
      else if (type === 'counter') this.#count(name, metric.value);
      else {
        // Of many values, a sample is kept.
        this.#count(name, Math.round(metric.values.length / metric.rate));
        this.values.set(name, [...(this.values.get(name) ?? []), ...metric.values]);
      }
    }
  }

  #count(name: string, more: number): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + more);
  }

  forget(): void {
    this.values.clear();
    this.#counts.clear();
  }
}

/** Nothing has been recorded that no test looked at; a request that is recorded twice is found here at the latest. */
export async function expectNoMore(isExpected: boolean): Promise<void> {
  const recordings = [...made];
  made.clear();
  await Promise.all(recordings.map((recorded) => recorded.look()));
  await Promise.all(recordings.map(({ statsd }) => statsd.shutdown({ timeout: 0 })));
  if (isExpected) for (const { counts } of recordings) expect(counts).to.deep.equal({});
}

function sorted(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
}
