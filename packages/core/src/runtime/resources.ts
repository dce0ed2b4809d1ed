import { OTHER } from '../text/route.js';
import { activeHandles, activeRequests, activeResources } from './node.js';
import type { Probe, RuntimeRecorder, StartProbe } from './probe.js';

/** Types that are counted by themselves. An app may make classes as it runs, so the rest is `other`. */
const MAX_TYPES = 50;

/** Gauges of how many there are, of each type and in all. */
function probeOf(thread: RuntimeRecorder, name: string, list: () => readonly string[]): Probe {
  const known = new Set<string>();
  return {
    read() {
      const counts = new Map<string, number>();
      // A type of which there are none any more is 0 from now on, because its gauge would keep its last value.
      for (const type of known) counts.set(type, 0);
      const types = list();
      for (const type of types) {
        if (known.size < MAX_TYPES) known.add(type);
        const key = known.has(type) ? type : OTHER;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      for (const [type, count] of counts) thread.gauge(name, count, { type });
      thread.gauge(`${name}_total`, types.length);
    },
  };
}

/** The class of an object. It may be the app's, with code of the app's behind its properties. */
function typeOf(value: unknown): string {
  try {
    const name = (value as { constructor?: { name?: unknown } } | undefined)?.constructor?.name;
    return typeof name === 'string' && name !== '' ? name : OTHER;
  } catch {
    return OTHER;
  }
}

/** Handles of libuv that hold the event loop, by class: sockets, servers, child processes. */
export const startHandles: StartProbe = ({ thread }) =>
  activeHandles && probeOf(thread, 'nodejs.active_handles', () => activeHandles!().map(typeOf));

/** Requests of libuv under way, by class. */
export const startRequests: StartProbe = ({ thread }) =>
  activeRequests && probeOf(thread, 'nodejs.active_requests', () => activeRequests!().map(typeOf));

/** What keeps the event loop alive, timers included, by type. */
export const startResources: StartProbe = ({ thread }) =>
  activeResources && probeOf(thread, 'nodejs.active_resources', activeResources);
