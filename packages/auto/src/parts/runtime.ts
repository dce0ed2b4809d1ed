/**
 * Records the runtime: event loop, garbage collection, memory, CPU, handles.
 *
 * @module
 */
import { Statsd } from '@afstatsd/core';

/** Ends the collection that importing this module has started. */
export const stopRuntime: () => void = Statsd.collectRuntimeMetrics();
