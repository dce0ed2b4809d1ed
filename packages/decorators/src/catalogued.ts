import type { Ended } from '@afstatsd/core';
import type { Catalogue, MetricDefinitions, NamesOf, TagsOf, WithTagsOf } from '@afstatsd/core/catalogue';
import { describe } from '@afstatsd/core/instrument';
import { Counted } from './counted.js';
import { Gauge } from './gauge.js';
import { Timed } from './timed.js';
import type { CountedOptions, GaugeOptions, MethodOrClassDecorator, TimedOptions } from './types.js';

/** The tags of a metric of a catalogue, or a function of `this` and the arguments that gives them. */
export type CataloguedTags<D> = TagsOf<D> | ((self: any, args: any) => TagsOf<D>);

/** Options with the tags of a metric of a catalogue, which can be left out where none of them is required. */
export type TaggedOptions<D, O> =
  [] extends WithTagsOf<D>
    ? [
        options?: Omit<O, 'tags'> & {
          /** Its tags, or a function that gives them. Default: none. */
          readonly tags?: CataloguedTags<D>;
        },
      ]
    : [
        options: Omit<O, 'tags'> & {
          /** Its tags, or a function that gives them. */
          readonly tags: CataloguedTags<D>;
        },
      ];

/** Options of `@Timed`: tags that `outcomeTags` gives can be left out of `tags`. */
export type TimedArguments<D> =
  | TaggedOptions<D, Omit<TimedOptions, 'outcomeTags'>>
  | [
      options: Omit<TimedOptions, 'outcomeTags' | 'tags'> & {
        /** Tags, or a function that gives them. Default: none. */
        readonly tags?: Partial<TagsOf<D>> | ((self: any, args: any) => Partial<TagsOf<D>>);
        /** Tags by how a call ended. They win over `tags`. */
        readonly outcomeTags: (ended: Ended) => Partial<TagsOf<D>>;
      },
    ];

/** The decorators, for members whose metrics are in a catalogue. */
export interface CataloguedDecorators<M extends MetricDefinitions> {
  /** `@Timed` with the name of a timer, and its tags. Its counter of errors needs no entry of its own. */
  Timed<N extends NamesOf<M, 'timer'>>(name: N, ...options: TimedArguments<M[N]>): MethodOrClassDecorator;
  /** `@Counted` with the name of a counter, and its tags. */
  Counted<N extends NamesOf<M, 'counter'>>(
    name: N,
    ...options: TaggedOptions<M[N], CountedOptions>
  ): MethodOrClassDecorator;
  /** `@Gauge` with the name of a gauge, and its tags. */
  Gauge<N extends NamesOf<M, 'gauge'>>(
    name: N,
    ...options: TaggedOptions<M[N], GaugeOptions>
  ): MethodOrClassDecorator;
}

/**
 * The decorators themselves, which TypeScript lets record the metrics of a catalogue only.
 *
 * @param catalogue - Of `defineMetrics`.
 * @throws TypeError if it is none.
 * @example
 * ```ts
 * import { defineMetrics } from '@afstatsd/core/catalogue';
 * import { decoratorsOf } from '@afstatsd/decorators';
 *
 * const catalogue = defineMetrics({
 *   checkout: { kind: 'timer', help: 'How long a checkout takes.', tags: { provider: ['acme', 'umbrella'] } },
 * });
 * const { Timed } = decoratorsOf(catalogue);
 *
 * class Shop {
 *   @Timed('checkout', { tags: { provider: 'acme' } })
 *   async checkout(cart: string): Promise<string> {
 *     return `paid ${cart}`;
 *   }
 * }
 * ```
 */
export function decoratorsOf<M extends MetricDefinitions>(catalogue: Catalogue<M>): CataloguedDecorators<M> {
  if (typeof (Object(catalogue) as Partial<Catalogue>).metrics !== 'object')
    throw new TypeError(`decoratorsOf takes a catalogue of defineMetrics, not ${describe(catalogue)}`);
  return { Timed, Counted, Gauge } as unknown as CataloguedDecorators<M>;
}
