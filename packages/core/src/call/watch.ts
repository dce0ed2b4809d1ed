/**
 * How a run ended. `cancelled`: it was given up before its end, as a generator is by `return`, an Observable by
 * unsubscription. `deferred`: the call has returned, but what it returned does the work later, in runs of their own.
 */
export type Outcome = 'success' | 'failure' | 'cancelled' | 'deferred';

/** Is told how the runs of one function end. What stands for a run is its own business. None of its methods may throw. */
export interface Watch<Run> {
  /** A run that was deferred begins, and begins anew each time: at a generator's first `next`, or a subscription. */
  again(run: Run): Run;
  /** A run is over. `value` is the result, the value of a promise, or the error. */
  end(run: Run, outcome: Outcome, value: unknown): void;
  /**
   * Calls code of a run: a step of its generator, or whatever a subscription or a `then` starts. Absent: it is simply called.
   *
   * @returns what `work` returns.
   */
  within?<T>(run: Run, work: () => T): T;
  /** What the function has returned that is followed already: it may return the same object again. Begins empty. */
  readonly known: WeakMap<object, Followed<Run>>;
}

/** An object that is followed. */
export interface Followed<Run> {
  /** What callers get in its place; mostly the object itself. */
  readonly standIn: object;
  /** Another call has returned it: its `run` ends with it, too. */
  join(run: Run): void;
}
