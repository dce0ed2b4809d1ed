/**
 * hot-shots' client on ours, for programs that move from it.
 *
 * @module
 */
export { StatsD } from './client.js';
export type {
  AggregationOptions,
  CallRest,
  Cardinality,
  CheckOptions,
  ChildClientOptions,
  ClientOptions,
  CountRest,
  DatadogChecks,
  EventOptions,
  MetricOptions,
  StatsCb,
  Tags,
  TimerContext,
} from './options.js';
