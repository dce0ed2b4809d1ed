/**
 * How a run ended. `cancelled`: somebody gave it up before its end, by `return` of a generator or by unsubscribing from an
 * Observable. `deferred`: the call has returned, and the generator or Observable that it returned works later, in runs of its own.
 */
export type Outcome = 'success' | 'failure' | 'cancelled' | 'deferred';

/** Gets the beginnings and ends of the runs of one function. It chooses the type that stands for a run. Its methods must not throw. */
export interface Watch<Run> {
  /** A deferred run begins: at a generator's first `next`, or at each subscription. Returns the run. */
  again(run: Run): Run;
  /** A run is over. `value` is the result, the value of a promise, or the error. */
  end(run: Run, outcome: Outcome, value: unknown): void;
  /**
   * Calls code of a run: a step of its generator, or the work that a subscription or a `then` starts. Absent: it is simply called.
   *
   * @returns the result of `work`.
   */
  within?<T>(run: Run, work: () => T): T;
  /** Objects that the function has returned and that are followed already, because it may return one again. Begins empty. */
  readonly known: WeakMap<object, Followed<Run>>;
}

/** An object that is followed. */
export interface Followed<Run> {
  /** The object that callers get for it, mostly itself. */
  readonly standIn: object;
  /** Another call has returned the same object, so the `run` of that call ends with it, too. */
  join(run: Run): void;
}
