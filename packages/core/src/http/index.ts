/**
 * Recording HTTP requests, for the middleware of a framework.
 *
 * @module
 */
export { watchServer } from './announced.js';
export type { Connection, OnConnection } from './connection.js';
export { Exchange, type HttpOutcome, type Recorder } from './exchange.js';
export type { Excluded } from './exclude.js';
export { Fetched, type FetchRequest, type FetchResponse } from './fetched.js';
export { watchHeaders, watchedWriteHead } from './headers.js';
export { exchangeOf, existingExchange } from './lookup.js';
export { HttpMetrics, type RouteOf } from './metrics.js';
export type { HttpOptions, PageViewOptions } from './options.js';
export { type ResponseWatcher, type Served, unwatchResponses, watchResponses } from './servers.js';
export { routeTemplate, routeWithoutTemplate } from '../instrument.js';
