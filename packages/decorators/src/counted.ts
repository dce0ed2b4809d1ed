import type { CallOptions } from '@afstatsd/core';
import { type Outcome, ignoreRejection } from '@afstatsd/core/instrument';
import { makeDecorator } from './decorator.js';
import type { Entry } from './entries.js';
import { MemberWatch } from './member-watch.js';
import type { Counted as CountedDecorator, CountedOptions } from './types.js';

/** The values for counting a call at its end. */
interface CountedRun {
  readonly args: readonly unknown[];
  readonly options: CallOptions | undefined;
}

class CountedWatch extends MemberWatch<CountedRun | undefined> {
  readonly #delta: Exclude<CountedOptions['delta'], undefined>;
  /** The outcome that counts. Undefined: calls are counted when they begin. `any`: when they end. */
  readonly #on: Outcome | 'any' | undefined;
  override readonly needsEnd: boolean;

  constructor(entry: Entry, options: CountedOptions) {
    super(entry, options);
    this.#delta = options.delta ?? 1;
    const atEnd = options.outcomeTags === undefined ? undefined : 'any';
    this.#on = options.on ?? (typeof this.#delta === 'function' ? 'success' : atEnd);
    this.needsEnd = this.#on !== undefined;
  }

  begin(self: unknown, args: ArrayLike<unknown>): CountedRun | undefined {
    if (this.name === undefined) this.findName(self);
    const options = this.tagsOf === undefined ? this.options : this.optionsFor(self, args);
    if (this.#on === undefined) {
      this.#count(this.#delta as number, options);
      return undefined;
    }
    return { args: typeof this.#delta === 'function' ? Array.from(args) : [], options };
  }

  again(run: CountedRun | undefined): CountedRun | undefined {
    return run;
  }

  end(run: CountedRun | undefined, outcome: Outcome, value: unknown): void {
    if (run === undefined || outcome === 'deferred') return;
    if (this.#on !== 'any' && outcome !== this.#on) return;
    if (outcome === 'failure' && !this.isError(value)) return;
    const options = this.optionsAtEnd(run.options, { outcome, value });
    try {
      const delta = typeof this.#delta === 'function' ? this.#delta(value, run.args) : this.#delta;
      ignoreRejection(delta);
      this.#count(delta, options);
    } catch (error) {
      this.warn('delta function of', error);
    }
  }

  #count(delta: number, options: CallOptions | undefined): void {
    try {
      this.statsd.updateStats(this.name ?? this.currentName, delta, options);
    } catch (error) {
      this.warn('client of', error);
    }
  }
}

/**
 * Counts the calls of a method or getter: each one as it begins or, with `on`, those that succeed or fail, as they end. With
 * `outcomeTags` all are counted as they end. On a class, it instruments the class's own methods.
 *
 * The name is `<Class>.<method>` unless one is given; on a class, the one given takes the place of the class's name.
 * Works as a standard and as a legacy decorator: `@Counted`, `@Counted(name)`, `@Counted(options)`,
 * `@Counted(name, options)`, with {@link CountedOptions}. `@Counted.skip` on a method keeps it from the one on its class. A
 * call that is cancelled (a generator by `return`, a subscription by `unsubscribe`) is neither a success nor a failure.
 *
 * @throws TypeError when the class is defined: on a field, a setter or a parameter, for a name that can't be one, or for an
 * option that is unknown or can't be used.
 * @example
 * ```ts
 * import { Counted } from '@afstatsd/decorators';
 *
 * class Shop {
 *   @Counted('ecommerce.revenue_cents', { delta: (result: { cents: number }) => result.cents })
 *   async checkout(cart: string): Promise<{ cart: string; cents: number }> {
 *     return { cart, cents: 4999 };
 *   }
 * }
 * ```
 */
export const Counted: CountedDecorator = makeDecorator<CountedOptions>({
  decorator: 'Counted',
  options: ['on', 'delta', 'outcomeTags', 'errors'],
  metrics: [{ type: 'counter', suffix: '' }],
  problem: ({ errors, on }) =>
    errors !== undefined && on !== 'failure' ? "errors is for on: 'failure'" : undefined,
  watch: (entry, options) => new CountedWatch(entry, options),
}) as CountedDecorator;
