import { type BoundOptions, StatsdClient } from '@afstatsd/core';
import { Inject, type Provider } from '@nestjs/common';

/** Under which a client, or a metric, is found. */
export type Token = string | typeof StatsdClient;

/**
 * The token of a client: for `overrideProvider` in tests, and for providers of one's own.
 *
 * @param name - of a client that `AfstatsdModule.forFeature` made. Default: the module's own, whose token is the class `StatsdClient`.
 */
export function getStatsdToken(name?: string): Token {
  return name === undefined ? StatsdClient : `afstatsd client ${name}`;
}

/**
 * The token of a metric that `makeCounterProvider` and its like provide.
 *
 * @param name - the metric's.
 */
export function getMetricToken(name: string): string {
  return `afstatsd metric ${name}`;
}

/**
 * Injects the module's client, or one of `AfstatsdModule.forFeature` by its name. Where types are emitted as metadata, a parameter of
 * the type `StatsdClient` needs no decorator.
 *
 * @example
 * ```ts norun decorators of parameters need experimentalDecorators
 * import type { StatsdClient } from '@afstatsd/core';
 * import { InjectStatsd } from '@afstatsd/nestjs';
 * import { Injectable } from '@nestjs/common';
 *
 * @Injectable()
 * class Orders {
 *   readonly #statsd: StatsdClient;
 *   constructor(@InjectStatsd() statsd: StatsdClient) {
 *     this.#statsd = statsd;
 *   }
 *   place(): void {
 *     this.#statsd.increment('orders');
 *   }
 * }
 * ```
 */
export function InjectStatsd(name?: string): ReturnType<typeof Inject> {
  return Inject(getStatsdToken(name));
}

/** Injects a metric that `makeCounterProvider`, `makeGaugeProvider`, `makeTimerProvider` or `makeSetProvider` provides, by its name. */
export function InjectMetric(name: string): ReturnType<typeof Inject> {
  return Inject(getMetricToken(name));
}

type Makes = 'createCounter' | 'createGauge' | 'createSet' | 'createTimer';

function metricProvider(make: Makes, name: string, options?: BoundOptions): Provider {
  return {
    provide: getMetricToken(name),
    useFactory: (statsd: StatsdClient) => statsd[make](name, options),
    inject: [StatsdClient],
  };
}

/**
 * A provider of a counter, to be injected by `@InjectMetric(name)` as a `BoundCounter`.
 *
 * @param name - the metric's.
 * @param options - its tags.
 */
export function makeCounterProvider(name: string, options?: BoundOptions): Provider {
  return metricProvider('createCounter', name, options);
}

/**
 * A provider of a gauge, to be injected by `@InjectMetric(name)` as a `BoundGauge`.
 *
 * @param name - the metric's.
 * @param options - its tags.
 */
export function makeGaugeProvider(name: string, options?: BoundOptions): Provider {
  return metricProvider('createGauge', name, options);
}

/**
 * A provider of a timer, to be injected by `@InjectMetric(name)` as a `BoundTimer`.
 *
 * @param name - the metric's.
 * @param options - its tags.
 */
export function makeTimerProvider(name: string, options?: BoundOptions): Provider {
  return metricProvider('createTimer', name, options);
}

/**
 * A provider of a set, to be injected by `@InjectMetric(name)` as a `BoundSet`.
 *
 * @param name - the metric's.
 * @param options - its tags.
 */
export function makeSetProvider(name: string, options?: BoundOptions): Provider {
  return metricProvider('createSet', name, options);
}
