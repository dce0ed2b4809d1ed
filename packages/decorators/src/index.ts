/**
 * Decorators that record metrics of methods, getters and classes.
 *
 * @module
 */
export { Counted } from './counted.js';
export { Gauge } from './gauge.js';
export { type InstrumentedMethod, instrumentedMethods } from './instrumented-methods.js';
export { Timed } from './timed.js';
export type {
  ClassOptions,
  CommonOptions,
  CountedOptions,
  GaugeOptions,
  MemberDecorator,
  MethodOrClassDecorator,
  Recorder,
  TagsFunction,
  TimedOptions,
} from './types.js';
