import { isMainThread } from '../host/builtin.js';

/**
 * Default time between flushes, in ms. A worker thread sends each second, because it can't send the rest when the main thread ends
 * it.
 */
export const defaultIntervalMs = (): number => (isMainThread() ? 20_000 : 1_000);

/** Whether the receiver may ask for another interval. A worker thread keeps its 1,000 ms, for the same reason. */
export const followsReceiver = (): boolean => isMainThread();
