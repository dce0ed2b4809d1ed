import { isMainThread } from 'node:worker_threads';

/**
 * Time between flushes, in ms, where nothing else is known. A worker thread sends each second, because it gets no chance to
 * send the rest when the main thread ends it.
 */
export const DEFAULT_INTERVAL_MS: number = isMainThread ? 20_000 : 1_000;

/** Whether the receiver may ask for another interval. For the same reason a worker thread keeps to its second. */
export const FOLLOWS_RECEIVER: boolean = isMainThread;
