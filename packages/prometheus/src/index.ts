/**
 * Metrics of this process for Prometheus, without a collector.
 *
 * @module
 */
export type { SeriesKind } from './record/kind.js';
