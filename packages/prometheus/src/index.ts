/**
 * Metrics of an app for Prometheus, without a collector.
 *
 * @module
 */
export type { PrometheusPageOptions } from './app/options.js';
export {
  type FastifyLikeReply,
  type FastifyLikeRequest,
  type PageRequest,
  type PageResponse,
  type PrometheusPage,
  prometheusPage,
} from './app/prometheus-page.js';
export type { RenderedPage } from './scrape/metrics-page.js';
