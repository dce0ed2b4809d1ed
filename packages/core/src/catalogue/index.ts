/**
 * A catalogue of an app's metrics, which TypeScript holds calls to, and of which documents and dashboards are made.
 *
 * @module
 */
export { type Catalogue, defineMetrics } from './catalogue.js';
export type {
  Inside,
  MetricDefinition,
  MetricDefinitions,
  MetricKind,
  NamesOf,
  TagDefinition,
  TagValues,
  TagsOf,
  WithTagsOf,
} from './definition.js';
export type { TypedClient } from './typed-client.js';
