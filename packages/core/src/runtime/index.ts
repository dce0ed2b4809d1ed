/**
 * Metrics of the runtime: event loop, garbage collection, memory, CPU. A client loads this room when it is to collect them.
 */
export { RuntimeCollection } from './collection.js';
export { readRuntimeOptions } from './options.js';
export { processName } from './process-name.js';
