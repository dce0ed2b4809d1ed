/**
 * Documents and dashboards of a catalogue of metrics, with the names that they have in Prometheus.
 *
 * @module
 */
export { type DashboardOptions, catalogueDashboard } from './dashboard.js';
export type { ExposedOptions } from './exposed.js';
export { type MarkdownOptions, catalogueMarkdown } from './markdown.js';
