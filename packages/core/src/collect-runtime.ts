/**
 * Starts runtime metrics of the shared client, for a program that is to be left as it is: `node --import @afstatsd/core/runtime app.js`.
 *
 * @module
 */
import { Statsd } from './index.js';

/** Ends the collection that importing this module has started. */
export const stopRuntimeMetrics: () => void = Statsd.collectRuntimeMetrics();
