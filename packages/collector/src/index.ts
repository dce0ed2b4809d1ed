/**
 * The parts of the program `afstatsd-collector`, for a program of your own.
 *
 * @module
 */
export { Collector } from './collector.js';
export { ConfigError, loadConfig } from './config/load.js';
export type { Address, CollectorOptions, Owner } from './config/options.js';
export { Log } from './log.js';
export type { OutputStats } from './output/output.js';
