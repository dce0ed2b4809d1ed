import { Observable, finalize, tap } from 'rxjs';
import type { BoundTimer, StatsdClient, Tags } from '@afstatsd/core';
import {
  type Followed,
  type Outcome,
  type Watch,
  disguise,
  dotted,
  follow,
  now,
} from '@afstatsd/core/instrument';

/** How a handler's run can end, as the tag `outcome`. */
type Ended = Exclude<Outcome, 'deferred'>;

/** The timers of one handler, one for each outcome that there was. */
export class HandlerTimers {
  readonly #statsd: StatsdClient;
  readonly #name: string;
  readonly #tags: Tags;
  readonly #timers: Partial<Record<Ended, BoundTimer>> = {};

  constructor(statsd: StatsdClient, name: string, tags: Tags) {
    this.#statsd = statsd;
    this.#name = name;
    this.#tags = tags;
  }

  record(ms: number, outcome: Ended): void {
    const timer = (this.#timers[outcome] ??= this.#statsd.createTimer(this.#name, {
      tags: { ...this.#tags, outcome },
    }));
    timer.record(ms);
  }
}

/** One run of a handler. */
interface Run {
  readonly timers: HandlerTimers;
  readonly begin: number;
  /** Which outcome an error is. Default: `failure`. */
  readonly outcomeOf?: OutcomeOf | undefined;
  /** Called when it is over. */
  readonly ended?: () => void;
}

type OutcomeOf = (error: unknown) => Ended;

type AnyFunction = (...args: never) => unknown;

/** Times handlers: from their call to their end, which comes later with promises, generators and Observables. */
export class HandlerTiming {
  readonly #statsd: StatsdClient;
  readonly #prefix: string;
  readonly #watch: Watch<Run> = {
    known: new WeakMap<object, Followed<Run>>(),
    again: (run) => ({ ...run, begin: now() }),
    end: ({ timers, begin, outcomeOf, ended }, outcome, value) => {
      if (outcome === 'deferred') return;
      const ms = now() - begin;
      this.guard(() => {
        ended?.();
        timers.record(ms, outcome === 'failure' && outcomeOf !== undefined ? outcomeOf(value) : outcome);
      });
    },
  };

  constructor(statsd: StatsdClient, prefix: string) {
    this.#statsd = statsd;
    this.#prefix = dotted(prefix);
  }

  timers(name: string, tags: Tags): HandlerTimers {
    return new HandlerTimers(this.#statsd, this.#prefix + name, tags);
  }

  /**
   * Runs a handler, and records its end. Each subscription is a run, because an interceptor before ours may have the handler run again.
   *
   * Operators of RxJS do it: following an Observable that is anybody's costs three times as much.
   *
   * @param handle - makes what the handler gives, and is called at each subscription.
   * @param ended - called when a run is over.
   */
  handle(timers: HandlerTimers, handle: () => Observable<unknown>, ended: () => void): Observable<unknown> {
    return new Observable((subscriber) => {
      const begin = now();
      let isOver = false;
      const end = (outcome: Ended): void => {
        if (isOver) return;
        isOver = true;
        const ms = now() - begin;
        ended();
        this.guard(() => timers.record(ms, outcome));
      };
      const listening = tap<unknown>({ error: () => end('failure'), complete: () => end('success') });
      return handle()
        .pipe(
          listening,
          finalize(() => end('cancelled')),
        )
        .subscribe(subscriber);
    });
  }

  /** A function that does what `fn` does and is timed, with the timers that `timersOf` names for its arguments. */
  around<F extends AnyFunction>(
    fn: F,
    timersOf: (...args: Parameters<F>) => HandlerTimers,
    outcomeOf?: OutcomeOf,
  ): F {
    const begin = (args: Parameters<F>): Run | undefined =>
      this.guard(() => ({ timers: timersOf(...args), begin: now(), outcomeOf }));
    const watch = this.#watch;
    return disguise(function (this: unknown, ...args: Parameters<F>): unknown {
      const run = begin(args);
      if (run === undefined) return Reflect.apply(fn, this, args);
      let result: unknown;
      try {
        result = Reflect.apply(fn, this, args);
      } catch (error) {
        watch.end(run, 'failure', error);
        throw error;
      }
      return follow(result, run, watch);
    }, fn);
  }

  /** Calls what must not fail: what it throws is said once. @returns undefined then. */
  guard<T>(call: () => T): T | undefined {
    try {
      return call();
    } catch (error) {
      this.#statsd.warnOnce('nestjs handler', () => `AfstatsdModule can't time a handler: ${String(error)}`);
      return undefined;
    }
  }
}
