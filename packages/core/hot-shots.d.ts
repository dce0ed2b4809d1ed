import type * as entry from './dist/src/hot-shots/index.js';

declare const StatsD: typeof entry.StatsD & {
  readonly StatsD: typeof entry.StatsD;
  readonly default: typeof entry.StatsD;
};

type StatsD = entry.StatsD;

declare namespace StatsD {
  export type StatsD = entry.StatsD;
  export type AggregationOptions = entry.AggregationOptions;
  export type CallRest = entry.CallRest;
  export type CountRest = entry.CountRest;
  export type DatadogChecks = entry.DatadogChecks;
  export type Cardinality = entry.Cardinality;
  export type CheckOptions = entry.CheckOptions;
  export type ChildClientOptions = entry.ChildClientOptions;
  export type ClientOptions = entry.ClientOptions;
  export type EventOptions = entry.EventOptions;
  export type MetricOptions = entry.MetricOptions;
  export type StatsCb = entry.StatsCb;
  export type Tags = entry.Tags;
  export type TimerContext = entry.TimerContext;
}

export = StatsD;
