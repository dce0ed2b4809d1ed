import { setTimeout as delay } from 'node:timers/promises';
import type { Decoded } from '@afstatsd/core';
import { until, useCleanup } from '@afstatsd/testing';
import { expect } from 'chai';
import { ProcessMetrics } from '../src/process-metrics.js';
import { version } from '../src/version.js';

/** The loop is looked at each 20 ms, so a reading has to wait for some of these looks. */
const LOOK_MS = 100;
const HELD_MS = 300;

describe("the metrics of the collector's process", () => {
  const later = useCleanup();

  const valueOf = (metrics: readonly Decoded[], name: string): number => {
    const metric = metrics.find((one) => one.name === `afstatsd.collector.${name}`);
    return metric !== undefined && 'value' in metric ? metric.value : NaN;
  };

  it('have the version, the time that it runs, CPU time, memory and the delay of the event loop', async () => {
    const read = new ProcessMetrics();
    read.start();
    later(() => read.stop());
    const first = read.read();
    expect(first[0]).to.deep.equal({
      type: 'gauge',
      name: 'afstatsd.collector.build_info',
      tags: [
        ['node', process.versions.node],
        ['version', version],
      ],
      value: 1,
    });
    expect(valueOf(first, 'resident_memory_bytes')).to.be.above(10e6);
    expect(valueOf(first, 'heap_used_bytes')).to.be.above(1e6);
    const total = (): number => process.cpuUsage().user + process.cpuUsage().system;
    const sumOf = (metrics: readonly Decoded[]): number =>
      metrics
        .filter(({ name }) => name.endsWith('cpu_seconds'))
        .reduce((sum, metric) => sum + ('value' in metric ? metric.value : 0), 0);
    expect(sumOf(first))
      .to.be.above(0)
      .and.at.most(total() / 1e6);
    await until('it has run for a while', () => valueOf(read.read(), 'uptime_seconds') > 0.1);
    const modes = first.filter(({ name }) => name.endsWith('cpu_seconds')).map(({ tags }) => tags);
    expect(modes).to.deep.equal([[['mode', 'user']], [['mode', 'system']]]);
  });

  it('show an event loop that was held, and what came since the last reading only', async () => {
    const read = new ProcessMetrics();
    read.start();
    later(() => read.stop());
    /** The longest delay in the next LOOK_MS, in ms. */
    const longest = async (): Promise<number> => {
      await delay(LOOK_MS);
      return 1000 * valueOf(read.read(), 'event_loop_delay_max_seconds');
    };
    await until('it looks at the loop', async () => (await longest()) >= 0);
    const end = performance.now() + HELD_MS;
    while (performance.now() < end);
    const held = await longest();
    expect(held).to.be.at.least(0.9 * HELD_MS);
    await until('it is gone', async () => (await longest()) < held / 2);
  });
});
