/**
 * Recording HTTP requests, for the middleware of a framework.
 *
 * @module
 */
export { Exchange, type HttpOutcome, type Recorder, exchangeOf, existingExchange } from './exchange.js';
export type { Excluded } from './exclude.js';
export { watchHeaders } from './headers.js';
export { HttpMetrics, type RouteOf } from './metrics.js';
export type { HttpOptions, PageViewOptions } from './options.js';
export { routeTemplate, routeWithoutTemplate } from '../instrument.js';
