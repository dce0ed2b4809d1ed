import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Decoded } from '@afstatsd/core';
import { version } from './version.js';

const PREFIX = 'afstatsd.collector.';
/** How often the event loop is looked at, in ms. */
const RESOLUTION_MS = 20;
const NS_PER_MS = 1e6;
const MS_PER_S = 1e3;
const US_PER_S = 1e6;

/** The collector's process as metrics: version, uptime, CPU time, memory, and the delay of its event loop. */
export class ProcessMetrics {
  /** Measures the times between checks of the event loop, in ns. Checks run no JavaScript, so they cost half of a timer. */
  readonly #monitor: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  /**
   * The delay of the first check after `read`, in ms. A timer measures it, because the monitor misses this check after a reset.
   * Outputs pass metrics on at that time, so the delay matters.
   */
  #first = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #began = performance.now();
  #cpu: NodeJS.CpuUsage = { user: 0, system: 0 };

  /** Begins to look at the event loop. */
  start(): void {
    this.#monitor.enable();
    this.#look();
  }

  stop(): void {
    this.#monitor.disable();
    clearTimeout(this.#timer);
  }

  /** The metrics of the process. Counters have their increase since the last call. */
  read(): Decoded[] {
    const now = process.cpuUsage();
    const resident = residentBytes();
    const metrics = [
      gauge('build_info', 1, ['node', process.versions.node], ['version', version]),
      gauge('uptime_seconds', Math.round(performance.now() - this.#began) / 1000),
      cpu('user', now.user - this.#cpu.user),
      cpu('system', now.system - this.#cpu.system),
      ...(resident === undefined ? [] : [gauge('resident_memory_bytes', resident)]),
      gauge('heap_used_bytes', getHeapStatistics().used_heap_size),
      ...this.#delays(),
    ];
    this.#cpu = now;
    this.#look();
    return metrics;
  }

  #delays(): Decoded[] {
    const { count, max } = this.#monitor;
    if (count === 0 && this.#timer !== undefined) return [];
    const late = (ns: number): number => Math.max(0, ns / NS_PER_MS - RESOLUTION_MS);
    const longest = Math.max(this.#first, count > 0 ? late(max) : 0);
    const p99 = count >= 100 ? late(this.#monitor.percentile(99)) : longest;
    return [
      gauge('event_loop_delay_p99_seconds', p99 / MS_PER_S),
      gauge('event_loop_delay_max_seconds', longest / MS_PER_S),
    ];
  }

  /** Starts a new measurement of delays. */
  #look(): void {
    this.#monitor.reset();
    this.#first = 0;
    clearTimeout(this.#timer);
    const due = performance.now() + RESOLUTION_MS;
    this.#timer = setTimeout(() => {
      this.#first = Math.max(0, performance.now() - due);
      this.#timer = undefined;
    }, RESOLUTION_MS).unref();
  }
}

/** Resident memory, in bytes. Undefined if the process has no descriptor left, because Linux tells the size in a file. */
function residentBytes(): number | undefined {
  try {
    return process.memoryUsage.rss();
  } catch {
    return undefined;
  }
}

function gauge(name: string, value: number, ...tags: [string, string][]): Decoded {
  return { type: 'gauge', name: PREFIX + name, ...(tags.length > 0 && { tags }), value };
}

function cpu(mode: 'user' | 'system', us: number): Decoded {
  return {
    type: 'counter',
    name: `${PREFIX}cpu_seconds`,
    tags: [['mode', mode]],
    value: us / US_PER_S,
    rate: 1,
  };
}
