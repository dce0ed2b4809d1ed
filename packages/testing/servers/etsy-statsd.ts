/*
 * etsy's `statsd`, with this file as its backend. It flushes when its parent says so, and hands over what it has read.
 * Its argument is the configuration file.
 */
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:dgram';
import util from 'node:util';

interface Metrics {
  counters: Record<string, number>;
  gauges: Record<string, number>;
  timers: Record<string, number[]>;
  timer_counters: Record<string, number>;
  sets: Record<string, { values(): string[] }>;
  timer_data: Record<string, Record<string, number>>;
}

/** What is asked of it with `process.send`, and what it answers. */
export type EtsyRequest = 'flushes' | 'read' | 'summarize';
export interface EtsyReading {
  readonly counters: Record<string, number>;
  readonly gauges: Record<string, number>;
  readonly timers: Record<string, { count: number; sum: number }>;
  readonly sets: Record<string, number>;
}
/** Per timer: `count`, `sum`, `median`, `upper_95` and so on, of what came since the last time. */
export type EtsySummary = Record<string, Record<string, number>>;

/** With this interval it flushes only when it is asked. */
const HOUR_MS = 3_600_000;

/** Counters of each flush so far. */
const flushes: Record<string, number>[] = [];
let metrics: Metrics;
let summary: EtsySummary;

/** Called by statsd. The metrics are its own, live: they are read later, too. */
export function init(_startTime: number, config: { flushInterval: number }, events: EventEmitter): true {
  events.on('flush', (_time: number, flushed: Metrics) => {
    metrics = flushed;
    flushes.push({ ...flushed.counters });
    summary = structuredClone(flushed.timer_data);
  });
  const { server } = require('statsd/servers/udp.js') as { server: Socket };
  server.once('listening', () => {
    // Each flush sets the timer for another, so one at the start would double those of a short interval.
    if (config.flushInterval >= HOUR_MS) flush();
    process.send!('ready');
  });
  return true;
}

function read(): EtsyReading {
  const { counters, gauges, timers, timer_counters: counts, sets } = metrics;
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    counters,
    gauges,
    timers: mapValues(timers, (values, name) => ({ count: counts[name]!, sum: sum(values) })),
    sets: mapValues(sets, (set) => set.values().length),
  };
}

function mapValues<V, W>(record: Record<string, V>, map: (value: V, key: string) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

process.on('message', (request: EtsyRequest) => {
  if (request === 'summarize') flush();
  process.send!({ flushes: () => flushes, read, summarize: () => summary }[request]());
});
process.on('disconnect', () => process.exit());

// statsd logs with it; Node 23 has it no more.
Object.assign(util, { log: () => {} });
const others = new Set(process.listeners('exit'));
require('statsd/stats.js');
// It flushes at exit, too: the same function does at any time.
const flushAtExit = process.listeners('exit').find((listener) => !others.has(listener));

function flush(): void {
  flushAtExit!.call(process, 0);
}
