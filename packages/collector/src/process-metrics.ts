import { type RecordableHistogram, createHistogram } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Decoded } from '@afstatsd/core';
import { version } from './version.js';

const PREFIX = 'afstatsd.collector.';
/** How often the event loop is looked at, in ms. */
const RESOLUTION_MS = 20;
const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;
const US_PER_S = 1e6;

/** The collector's process as metrics: version, time that it runs, CPU time, memory, and how late its event loop is. */
export class ProcessMetrics {
  /**
   * How late the timer was, in ns. Not `monitorEventLoopDelay`: after a reset that misses the first delay, which here would be
   * that of the outputs, because they pass metrics on just after the reading.
   */
  readonly #delay: RecordableHistogram = createHistogram();
  #timer: NodeJS.Timeout | undefined;
  readonly #began = performance.now();
  #cpu: NodeJS.CpuUsage = { user: 0, system: 0 };

  /** Begins to look at the event loop. */
  start(): void {
    let due = performance.now() + RESOLUTION_MS;
    this.#timer = setInterval(() => {
      const now = performance.now();
      // The smallest value of a histogram is 1.
      this.#delay.record(Math.max(1, Math.round((now - due) * NS_PER_MS)));
      due = now + RESOLUTION_MS;
    }, RESOLUTION_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Counters have what was added since the last call. */
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
      ...(this.#delay.count > 0 ? this.#delays() : []),
    ];
    this.#cpu = now;
    this.#delay.reset();
    return metrics;
  }

  #delays(): Decoded[] {
    return [
      gauge('event_loop_delay_p99_seconds', this.#delay.percentile(99) / NS_PER_S),
      gauge('event_loop_delay_max_seconds', this.#delay.max / NS_PER_S),
    ];
  }
}

/** undefined while it can't be known: the system has a file for it, and the process may have no descriptor left. */
function residentBytes(): number | undefined {
  try {
    return process.memoryUsage.rss();
  } catch {
    return undefined;
  }
}

function gauge(name: string, value: number, ...tags: [string, string][]): Decoded {
  return { kind: 'gauge', name: PREFIX + name, ...(tags.length > 0 && { tags }), value };
}

function cpu(mode: 'user' | 'system', us: number): Decoded {
  return {
    kind: 'counter',
    name: `${PREFIX}cpu_seconds`,
    tags: [['mode', mode]],
    value: us / US_PER_S,
    rate: 1,
  };
}
