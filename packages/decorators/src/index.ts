/**
 * Decorators that record metrics of methods, getters and classes.
 *
 * @module
 */
export {
  type CataloguedDecorators,
  type CataloguedTags,
  type TaggedOptions,
  type TimedArguments,
  decoratorsOf,
} from './catalogued.js';
export { Counted } from './counted.js';
export { Gauge } from './gauge.js';
export { type InstrumentedMethod, instrumentedMethods } from './instrumented-methods.js';
export { Timed } from './timed.js';
export type {
  ClassOptions,
  CommonOptions,
  Counted as CountedDecorator,
  CountedOptions,
  Gauge as GaugeDecorator,
  GaugeOptions,
  MemberDecorator,
  MethodOrClassDecorator,
  Recorder,
  TagsFunction,
  Timed as TimedDecorator,
  TimedOptions,
} from './types.js';
