import { isMainThread } from '../host/builtin.js';

/**
 * Time between flushes, in ms, where nothing else is known. A worker thread sends each second, because it gets no chance to
 * send the rest when the main thread ends it.
 */
export const defaultIntervalMs = (): number => (isMainThread() ? 20_000 : 1_000);

/** Whether the receiver may ask for another interval. For the same reason a worker thread keeps to its second. */
export const followsReceiver = (): boolean => isMainThread();
