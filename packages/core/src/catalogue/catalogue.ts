import type { Rule, StatsdClient } from '../index.js';
import { dotted } from '../instrument.js';
import { checkMetric } from './checks.js';
import type { MetricDefinitions } from './definition.js';
import type { TypedClient } from './typed-client.js';

/** The metrics of an app, declared once. */
export interface Catalogue<M extends MetricDefinitions = MetricDefinitions> {
  /** The definitions, by the name of the metric. */
  readonly metrics: M;
  /**
   * Returns the client itself, with a type that lets it record only the metrics of the catalogue. Calls run the same code as
   * before.
   *
   * @param client - The shared `Statsd`, or another client without a prefix of its own.
   */
  readonly typed: (client: StatsdClient) => TypedClient<M>;
  /**
   * Returns rules with the descriptions, units and buckets of the metrics. They are for `configure({ rules })` of an app that
   * serves a page, and for the collector's configuration.
   *
   * @param prefix - The client's prefix, which the collector sees before each name. Default: none.
   */
  readonly rules: (prefix?: string) => Rule[];
}

/**
 * Declares the metrics of an app: names, kinds, tags with their values, units and descriptions. TypeScript then refuses a wrong
 * name, kind, tag or value where a metric is recorded. Documents, rules and dashboards are made from the same declaration.
 *
 * @param metrics - The definitions, by the name that calls pass.
 * @throws TypeError that names the metric, and what is wrong with it.
 * @example
 * ```js
 * const { Statsd } = require('@afstatsd/core');
 * const { defineMetrics } = require('@afstatsd/core/catalogue');
 *
 * const catalogue = defineMetrics({
 *   'orders.placed': { kind: 'counter', help: 'Orders that were placed.', tags: { method: ['card', 'cash'] } },
 *   checkout: { kind: 'timer', help: 'How long a checkout takes.', buckets: [0.1, 0.5, 1] },
 * });
 * const metrics = catalogue.typed(Statsd);
 * metrics.increment('orders.placed', { tags: { method: 'card' } });
 * ```
 */
export function defineMetrics<const M extends MetricDefinitions>(metrics: M): Catalogue<M> {
  for (const [name, definition] of Object.entries(metrics)) checkMetric(name, definition);
  return {
    metrics,
    typed: (client) => client as unknown as TypedClient<M>,
    rules: (prefix = '') =>
      Object.entries(metrics).map(([name, { help, unit, buckets }]) => ({
        match: dotted(prefix) + name,
        help,
        ...(unit !== undefined && { unit }),
        ...(buckets && { buckets }),
      })),
  };
}
