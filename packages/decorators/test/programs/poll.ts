// Polls a thousand instances, lets go of them, and waits for the garbage collector to have taken them.
import { setImmediate as turn } from 'node:timers/promises';
import { MemoryTransport, StatsdClient } from '@afstatsd/core';
import { Gauge } from '@afstatsd/decorators';

const memory = new MemoryTransport();
const statsd = new StatsdClient({ transport: memory, interval: Infinity });

class Queue {
  constructor() {
    Gauge.poll(this);
  }
  @Gauge('depth', { statsd, poll: true }) get depth(): number {
    return 1;
  }
  @Gauge('deepest', { statsd, poll: true, combine: 'max' }) get deepest(): number {
    return 1;
  }
}

async function gauges(): Promise<Record<string, number>> {
  memory.clear();
  await statsd.flush();
  const found = memory.metrics.map((metric) => [metric.name, metric.type === 'gauge' ? metric.value : NaN]);
  return Object.fromEntries(found) as Record<string, number>;
}

const state = { collected: 0 };
const registry = new FinalizationRegistry(() => state.collected++);

/** In a function of its own, so that nothing of it is left behind. */
async function whileAlive(): Promise<Record<string, number>> {
  const queues = Array.from({ length: 1000 }, () => new Queue());
  queues.forEach((queue) => registry.register(queue, undefined));
  const read = await gauges();
  return { ...read, alive: queues.length };
}

async function main(): Promise<void> {
  const alive = await whileAlive();
  const collect = (globalThis as { gc?: () => void }).gc!;
  while (state.collected < 1000) {
    collect();
    await turn();
  }
  const after = await gauges();
  const ended = await gauges();
  const kept = new Queue();
  const again = await gauges();
  void kept.depth;
  console.log(JSON.stringify({ alive, ...state, after, ended, again }));
  await statsd.shutdown();
}

void main();
