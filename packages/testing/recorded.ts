import { type Decoded, MemoryTransport, StatsdClient, type StatsdOptions } from '@afstatsd/core';
import { expect } from 'chai';
import { after } from 'mocha';
import { useCleanup } from './cleanup.js';
import { eventually, until } from './until.js';

/** A logger that keeps what it is told. */
export class LogLines {
  readonly warnings: string[] = [];
  readonly infos: string[] = [];

  readonly warn = (line: string): void => void this.warnings.push(line);
  readonly info = (line: string): void => void this.infos.push(line);
}

/** How often something was recorded, or its value, by type, name and the values of tags: `{ 'timer login card': 2, 'gauge size': 3 }`. */
export type Counts = Record<string, number>;

/** What makes a client: core's own tests have ways that others have not. */
type Create = (options: StatsdOptions) => StatsdClient;
const newClient: Create = (options) => new StatsdClient(options);

/** A client that flushes only when it is told to, what it logged, and what it has recorded since the last look. */
export class Recorded {
  readonly log: LogLines = new LogLines();
  /** Where the client sends to, unless its options name something else than a `MemoryTransport`. */
  readonly memory: MemoryTransport;
  readonly statsd: StatsdClient;
  /** What was taken in since the last look. */
  #metrics: Decoded[] = [];

  constructor(options: StatsdOptions = {}, create: Create = newClient) {
    const { transport } = options;
    this.memory = isMemory(transport) ? transport : new MemoryTransport();
    this.statsd = create({
      transport: this.memory,
      logger: this.log,
      interval: Infinity,
      handleSignals: false,
      service: false,
      ...options,
    });
  }

  /** Flushes. @returns the messages that left by it. */
  readonly sent = async (): Promise<string[]> => {
    this.memory.clear();
    await this.statsd.flush();
    return [...this.memory.messages];
  };

  /** What was recorded since the last look, decoded. */
  async metrics(): Promise<Decoded[]> {
    await this.#takeIn();
    const metrics = this.#metrics;
    this.#metrics = [];
    return metrics;
  }

  /** What was recorded since the last look: sums of counters, last values of gauges, how many calls timers had, members of sets. */
  async counts(): Promise<Counts> {
    return countsOf(await this.metrics());
  }

  /** What was recorded since the last look: the values of timers in ms, and the one of a counter or gauge. */
  async values(): Promise<Record<string, readonly number[]>> {
    return valuesOf(await this.metrics());
  }

  /**
   * Waits until exactly this was recorded since the last look. Gauges are left out: they are there at every flush.
   *
   * @returns the values of timers in ms, and the sums of counters.
   * @throws AssertionError with the difference, when the time is over.
   */
  async becomes(expected: Counts): Promise<Record<string, readonly number[]>> {
    const counts = (): Counts => countsOf(this.#metrics.filter(({ type }) => type !== 'gauge'));
    await eventually(async () => {
      await this.#takeIn();
      expect(counts()).to.deep.equal(expected);
    });
    return valuesOf(await this.metrics());
  }

  /** The last value of a gauge. What else was recorded waits for the next look. */
  async gauge(name: string): Promise<number | undefined> {
    await this.#takeIn();
    return countsOf(this.#metrics)[`gauge ${name}`];
  }

  async gaugeBecomes(name: string, value: number): Promise<void> {
    await until(`${name} is ${value}`, async () => (await this.gauge(name)) === value);
  }

  async #takeIn(): Promise<void> {
    await this.statsd.flush();
    this.#metrics.push(...this.memory.metrics);
    this.memory.clear();
  }
}

function countsOf(metrics: readonly Decoded[]): Counts {
  const counts: Counts = {};
  const sets = new Map<string, Set<string>>();
  for (const metric of metrics) {
    const key = keyOf(metric);
    switch (metric.type) {
      case 'counter':
        counts[key] = (counts[key] ?? 0) + metric.value / metric.rate;
        break;
      case 'gauge':
        counts[key] = metric.value;
        break;
      case 'timer':
        // Of many values, a sample is kept, and the rate says of how many.
        counts[key] = Math.round((counts[key] ?? 0) + metric.values.length / metric.rate);
        break;
      case 'set':
        sets.set(key, new Set([...(sets.get(key) ?? []), ...metric.members]));
        counts[key] = sets.get(key)!.size;
    }
  }
  return counts;
}

function keyOf({ type, name, tags = [] }: Decoded): string {
  return [type, name, ...tags.map(([, value]) => value)].join(' ');
}

function valuesOf(metrics: readonly Decoded[]): Record<string, readonly number[]> {
  const values: Record<string, number[]> = {};
  for (const [key, count] of Object.entries(countsOf(metrics))) {
    if (!key.startsWith('set ')) values[key] = key.startsWith('timer ') ? [] : [count];
  }
  for (const metric of metrics) {
    if (metric.type === 'timer') values[keyOf(metric)]!.push(...metric.values);
  }
  return values;
}

/** Whether it is one as it comes: a class of a test's own that extends it does something else. */
function isMemory(transport: StatsdOptions['transport']): transport is MemoryTransport {
  return transport instanceof MemoryTransport && transport.constructor === MemoryTransport;
}

/** To be called in a `describe`. @returns what makes clients for its tests; they are shut down after the test. */
export function useClients(): (options?: StatsdOptions, create?: Create) => Recorded {
  const later = useCleanup();
  return (options, create) => {
    const recorded = new Recorded(options, create);
    later(() => recorded.statsd.shutdown({ timeout: 0 }));
    return recorded;
  };
}

/** To be called in a `describe`: one client for all of its tests. It is shut down after the last one. */
export function useRecorded(options?: StatsdOptions): Recorded {
  const recorded = new Recorded(options);
  after(() => recorded.statsd.shutdown({ timeout: 0 }));
  return recorded;
}
