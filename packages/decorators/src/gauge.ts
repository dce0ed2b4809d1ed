import type { CallOptions } from '@afstatsd/core';
import { type Outcome, ignoreRejection } from '@afstatsd/core/instrument';
import { makeDecorator } from './decorator.js';
import { type Entry, entriesOf, isSkipped } from './entries.js';
import { InFlightWatch } from './in-flight.js';
import { MemberWatch } from './member-watch.js';
import { functionAt } from './member.js';
import { chain } from './owner.js';
import { PollWatch, isPolled } from './poll.js';
import type { Gauge as GaugeDecorator, GaugeOptions } from './types.js';

interface GaugeRun {
  readonly args: readonly unknown[];
  readonly options: CallOptions | undefined;
}

/** Sets the gauge to what a call returned, or to what is made of it. */
class GaugeWatch extends MemberWatch<GaugeRun> {
  readonly #value: GaugeOptions['value'];

  constructor(entry: Entry, options: GaugeOptions) {
    super(entry, options);
    this.#value = options.value;
  }

  begin(self: unknown, args: ArrayLike<unknown>): GaugeRun {
    if (this.name === undefined) this.findName(self);
    return {
      args: this.#value === undefined ? [] : Array.from(args),
      options: this.tagsOf === undefined ? this.options : this.optionsFor(self, args),
    };
  }

  again(run: GaugeRun): GaugeRun {
    return run;
  }

  end(run: GaugeRun, outcome: Outcome, result: unknown): void {
    if (outcome !== 'success') return;
    let value: unknown = result;
    try {
      if (this.#value !== undefined) value = this.#value(result, run.args);
      ignoreRejection(value);
    } catch (error) {
      this.warn('value function of', error);
      return;
    }
    try {
      // A function would be taken for one that is to be read at each flush.
      this.statsd.gauge(
        this.name ?? this.currentName,
        (typeof value === 'function' ? NaN : value) as number,
        run.options,
      );
    } catch (error) {
      this.warn('client of', error);
    }
  }
}

function problem(
  { value, inFlight, poll, combine, tags }: GaugeOptions,
  on: 'class' | 'member',
): string | undefined {
  const ways = Object.entries({ value, inFlight, poll }).filter(
    ([, given]) => given !== undefined && given !== false,
  );
  if (ways.length > 1) return `${ways.map(([option]) => option).join(' and ')} don't go together`;
  if (on === 'class' && inFlight !== true)
    return 'on a class it needs inFlight: what methods return is seldom a number';
  if (combine !== undefined && poll !== true) return 'combine needs poll';
  if (typeof tags === 'function' && (inFlight === true || poll === true)) {
    return 'tags must be an object where the gauge is read at each flush';
  }
  return undefined;
}

/** The polled members of a class. */
interface Polled {
  /** The functions by which they get to know of an instance. */
  readonly polls: readonly ((instance: object) => void)[];
  /** Members were meant to be polled, or aren't on purpose. */
  readonly isMeant: boolean;
}

/** By the first object of an instance's prototype chain. */
const polledOf = new WeakMap<object, Polled>();

function poll(instance: object): void {
  const isObject = (typeof instance === 'object' || typeof instance === 'function') && instance !== null;
  const start = isObject ? startOf(instance) : null;
  let polled = start === null ? NOT_POLLED : polledOf.get(start);
  if (polled === undefined) polledOf.set(start!, (polled = findPolled(start!)));
  // Of `#private` members only those know that have learned of the instance by themselves.
  if (!polled.isMeant && !(isObject && isPolled(instance))) {
    throw new TypeError('Gauge.poll takes an object whose class has members with @Gauge({ poll: true })');
  }
  for (const begin of polled.polls) begin(instance);
}

const NOT_POLLED: Polled = { polls: [], isMeant: false };

function startOf(instance: object): object | null {
  return typeof instance === 'function' ? instance : (Object.getPrototypeOf(instance) as object | null);
}

function findPolled(start: object): Polled {
  const polls: ((instance: object) => void)[] = [];
  let isMeant = false;
  for (const holder of chain(start)) {
    for (const key of Reflect.ownKeys(holder)) {
      const fn = functionAt(holder, key);
      if (fn === undefined) continue;
      for (const entry of entriesOf(holder, key, fn)) if (entry.poll) polls.push(entry.poll);
      // One with `enabled: false` is marked, too.
      isMeant ||= polls.length > 0 || isSkipped('Gauge', fn, holder, key);
    }
  }
  return { polls, isMeant };
}

/**
 * Sets a gauge to the number that a method or getter returns (the value of its promise), or that `value` makes of it. With
 * `inFlight` it records how many calls are running; with `poll` it reads the member before a flush, at most every 10 s, of
 * each instance that is alive, and holds none of them alive. On a class, it needs `inFlight`, and instruments the class's own methods.
 *
 * The name is `<Class>.<method>` unless one is given; on a class, the one given takes the place of the class's name.
 * Works as a standard and as a legacy decorator: `@Gauge`, `@Gauge(name)`, `@Gauge(options)`, `@Gauge(name, options)`, with
 * {@link GaugeOptions}. `@Gauge.skip` on a method keeps it from the one on its class. With legacy decorators,
 * `Gauge.poll(this)` in a constructor begins to poll the new instance; without it, that begins when the member is first used.
 * What isn't a finite number is refused and counted, and said once. `Gauge.poll` throws a TypeError for an object whose class has
 * no such member.
 *
 * @throws TypeError when the class is defined: on a field, a setter or a parameter, for a name that can't be one, or for an
 * option that is unknown or can't be used.
 * @example
 * ```ts
 * import { Gauge } from '@afstatsd/decorators';
 *
 * class Cart {
 *   readonly items: string[] = [];
 *
 *   @Gauge('cart.size', { poll: true })
 *   get size(): number {
 *     return this.items.length;
 *   }
 * }
 * ```
 */
export const Gauge: GaugeDecorator = makeDecorator<GaugeOptions>(
  {
    decorator: 'Gauge',
    options: ['value', 'inFlight', 'poll', 'combine'],
    metrics: [{ type: 'gauge', suffix: '' }],
    problem,
    watch: (entry, options, fn) => {
      if (options.inFlight === true) return new InFlightWatch(entry, options);
      return options.poll === true ? new PollWatch(entry, options, fn) : new GaugeWatch(entry, options);
    },
  },
  { poll },
) as GaugeDecorator;
