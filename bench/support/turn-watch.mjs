import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { median } from './statistics.mjs';

/** A turn of the event loop that took longer, in ms, held somebody up. */
const HELD = 0.5;

/** Of the thread; Node 20 knows that of the whole process only. */
const cpuUsage = (before) =>
  'threadCpuUsage' in process ? process.threadCpuUsage(before) : process.cpuUsage(before);

/**
 * Notes how long each turn of the event loop takes, by a chain of `setImmediate`, and the garbage collections. CPU time is
 * noted beside it: in a turn that took 20 ms and used 2, the machine had given the core to somebody else.
 */
export class TurnWatch {
  #held = [];
  #worst = 0;
  #worstCpu = 0;
  #collections = [];
  #on = false;
  #observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) this.#collections.push(duration);
  });

  start() {
    this.#held = [];
    this.#collections = [];
    this.#worst = this.#worstCpu = 0;
    this.#on = true;
    this.#observer.observe({ entryTypes: ['gc'] });
    let last = performance.now();
    let lastCpu = cpuNow();
    const turn = () => {
      const now = performance.now();
      const cpu = cpuNow();
      this.#note(now - last, cpu - lastCpu);
      last = now;
      lastCpu = cpu;
      if (this.#on) setImmediate(turn);
    };
    setImmediate(turn);
  }

  #note(took, cpu) {
    if (took > HELD) this.#held.push(took);
    this.#worst = Math.max(this.#worst, took);
    this.#worstCpu = Math.max(this.#worstCpu, Math.min(took, cpu));
  }

  /** @returns in ms: the middle one of the turns that held the loop, the longest one, the most CPU time, the longest collection. */
  async stop() {
    this.#on = false;
    await delay(5); // collections are reported late
    this.#observer.disconnect();
    return {
      middle: this.#held.length > 0 ? median(this.#held) : 0,
      worst: this.#worst,
      worstCpu: this.#worstCpu,
      collection: Math.max(0, ...this.#collections),
    };
  }
}

function cpuNow() {
  const { user, system } = cpuUsage.call(process);
  return (user + system) / 1000;
}
