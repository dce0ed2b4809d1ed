/**
 * hot-shots' client on ours, for programs that move from it.
 *
 * @module
 */
export { StatsD } from './client.js';
export type {
  Cardinality,
  CheckOptions,
  ChildClientOptions,
  ClientOptions,
  EventOptions,
  MetricOptions,
  StatsCb,
  Tags,
  TimerContext,
} from './options.js';
