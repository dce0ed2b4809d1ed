import type { CallOptions } from '@afstatsd/core';
import {
  BLOCKED,
  type Hold,
  type Outcome,
  canMeasureBlocking,
  endHold,
  newHold,
  now,
  within,
} from '@afstatsd/core/instrument';
import { makeDecorator } from './decorator.js';
import type { Entry } from './entries.js';
import { MemberWatch } from './member-watch.js';
import type { Timed as TimedDecorator, TimedOptions } from './types.js';

/** When a call began, and what it is recorded with if its tags are its own, or if it is measured how it holds the event loop. */
interface LargeRun {
  readonly begin: number;
  readonly options: CallOptions | undefined;
  readonly hold: Hold | undefined;
}

class TimedWatch extends MemberWatch<number | LargeRun> {
  #blockedName: string | undefined;

  constructor(entry: Entry, options: TimedOptions) {
    super(entry, options);
    if (options.blocking === true && canMeasureBlocking((kind, text) => this.say(kind, text))) {
      this.within = (run, work) => within((run as LargeRun).hold!, work);
    }
  }

  begin(self: unknown, args: ArrayLike<unknown>): number | LargeRun {
    if (this.name === undefined) this.findName(self);
    if (this.tagsOf === undefined && this.within === undefined) return now();
    const options = this.tagsOf === undefined ? this.options : this.optionsFor(self, args);
    const hold = this.within && newHold();
    return { begin: now(), options, hold };
  }

  again(run: number | LargeRun): number | LargeRun {
    return typeof run === 'number' ? now() : { ...run, hold: run.hold && newHold(), begin: now() };
  }

  end(run: number | LargeRun, outcome: Outcome, value: unknown): void {
    if (outcome === 'deferred') return;
    const end = now();
    const name = this.name ?? this.currentName;
    const isLarge = typeof run !== 'number';
    const hold = isLarge ? run.hold : undefined;
    const blockedMs = hold && endHold(hold);
    const before = isLarge ? run.options : this.options;
    const options = this.outcomeTags === undefined ? before : this.optionsAtEnd(before, { outcome, value });
    const counts = outcome === 'failure' && this.isError(value);
    try {
      this.statsd.timing(name, end - (isLarge ? run.begin : run), options);
      if (blockedMs !== undefined) this.statsd.timing(this.#blocked(name), blockedMs, options);
      if (counts) this.statsd.increment(`${name}.errors`, options);
    } catch (error) {
      this.warn('client of', error);
    }
  }

  #blocked(name: string): string {
    if (this.name === undefined) return name + BLOCKED;
    return (this.#blockedName ??= name + BLOCKED);
  }
}

/**
 * Records how long each call of a method or getter takes, in ms, as a timer; failing calls too, which it also counts as
 * `<name>.errors`. An async method is timed until its promise is settled, a generator from its first `next` to its end, an
 * RxJS Observable from each subscription to its end. On a class, it instruments the class's own methods.
 *
 * The name is `<Class>.<method>` unless one is given; on a class, the one given takes the place of the class's name.
 * Works as a standard and as a legacy decorator: `@Timed`, `@Timed(name)`, `@Timed(options)`, `@Timed(name, options)`, with
 * {@link TimedOptions}. `@Timed.skip` on a method keeps it from the one on its class.
 *
 * @throws TypeError when the class is defined: on a field, a setter or a parameter, for a name that can't be one, or for an
 * option that is unknown or can't be used.
 * @example
 * ```ts
 * import { Timed } from '@afstatsd/decorators';
 *
 * class Shop {
 *   @Timed('ecommerce.checkout', { tags: { region: 'eu' } })
 *   async checkout(cart: string): Promise<string> {
 *     return `paid ${cart}`;
 *   }
 * }
 * ```
 */
export const Timed: TimedDecorator = makeDecorator<TimedOptions>({
  decorator: 'Timed',
  options: ['outcomeTags', 'errors', 'blocking'],
  metrics: [
    { type: 'timer', suffix: '' },
    { type: 'counter', suffix: '.errors' },
    { type: 'timer', suffix: BLOCKED, option: 'blocking' },
  ],
  problem: () => undefined,
  watch: (entry, options) => new TimedWatch(entry, options),
}) as TimedDecorator;
