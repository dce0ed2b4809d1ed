/**
 * A module of NestJS that records an application.
 *
 * @module
 */
export { AfstatsdInterceptor } from './interceptor.js';
export { AfstatsdModule, type AfstatsdModuleAsyncOptions, type AfstatsdModuleExtras } from './module.js';
export type { AfstatsdModuleOptions, HandlerOptions } from './options.js';
export {
  InjectMetric,
  InjectStatsd,
  type Token,
  getMetricToken,
  getStatsdToken,
  makeCounterProvider,
  makeGaugeProvider,
  makeSetProvider,
  makeTimerProvider,
} from './tokens.js';
