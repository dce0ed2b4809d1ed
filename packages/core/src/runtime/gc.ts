import { PerformanceObserver, constants } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';
import { closeWhenGone, disconnect, makeOutside, noteClosed, weakly } from '../host/node-realm.js';
import type { Tags } from '../text/tags.js';
import type { StartProbe } from './probe.js';

// Ids of threads never repeat, so a timer for each would be one more for each thread that ever ran.
const thread = isMainThread ? 'main' : 'worker';

const TAGS: ReadonlyMap<number, Tags> = new Map([
  [constants.NODE_PERFORMANCE_GC_MAJOR, { kind: 'major', thread }],
  [constants.NODE_PERFORMANCE_GC_MINOR, { kind: 'minor', thread }],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, { kind: 'incremental', thread }],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, { kind: 'weakcb', thread }],
]);

/** An entry of a collection, which the types of Node.js don't have in full. */
interface GcEntry {
  /** In ms. */
  readonly duration: number;
  readonly detail?: { readonly kind?: number };
}

/** Durations of this thread's garbage collections, each one as it happens. */
export const startGc: StartProbe = ({ shared }) => {
  // Bun has no such entries.
  const { supportedEntryTypes } = PerformanceObserver as unknown as {
    supportedEntryTypes?: readonly string[];
  };
  if (supportedEntryTypes?.includes('gc') !== true) return undefined;
  const record = (entries: readonly GcEntry[]): void => {
    for (const { duration, detail } of entries) {
      const tags = TAGS.get(detail?.kind ?? -1);
      if (tags !== undefined) shared.time('nodejs.gc.duration', duration, tags);
    }
  };
  const hear = (list: { getEntries(): readonly GcEntry[] }): void => record(list.getEntries());
  const observer = makeOutside(() => new PerformanceObserver(weakly(hear)));
  observer.observe({ entryTypes: ['gc'] });
  const probe = {
    // As long as there is the probe, there is the function that the observer calls.
    hear,
    // Entries that haven't been handed out yet: after the last reading nobody would.
    read: () => record(observer.takeRecords()),
    stop(): void {
      noteClosed(observer);
      observer.disconnect();
    },
  };
  closeWhenGone(probe, disconnect, observer, observer);
  return probe;
};
