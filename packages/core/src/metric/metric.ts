import type { Trace } from '../host/active-trace.js';
import type { Identity } from '../text/identity.js';
import type { Tag, Tags } from '../text/tags.js';
import type { Kind } from './view.js';

/** The part of the registry that a metric uses. */
export interface Owner {
  readonly maxSamples: number;
  /** The wall clock, in ms since 1970. */
  readonly now: () => number;
  /** Returns the active trace. Undefined unless the client stores exemplars. */
  readonly trace: (() => Trace | undefined) | undefined;
  /** Called when a metric gets its first sample since it was sent. */
  touched(metric: Metric): void;
  /** Called when a value is refused. `what` names the value in the warning. */
  rejected(what: string, metric: string, value: unknown): void;
  /** Called when a new member of a set is dropped, because the set has `maxSamples` members. */
  overLimit(metric: Metric): void;
  /** Called with each value of a timer, but not before `tellOwners` was called. */
  readonly told?: ((timer: Metric, value: number) => void) | undefined;
  /** Records a duration in ms with the tags of the timer and `tags`. App code holds the timer. */
  recordTagged(timer: Metric, ms: number, tags: Tags): void;
}

/**
 * The base class of all kinds: a name, tags, and how many calls wait to be sent. All state is in private fields, because app code
 * holds metrics (`createCounter`). So `console.log` doesn't show the state, and app code can't change it.
 */
export abstract class Metric {
  readonly #name: string;
  readonly #tags: readonly Tag[];
  readonly #ascii: boolean;
  readonly #key: string;
  readonly #owner: Owner;
  /** Starts as a double (-0), so that the hidden class never changes. */
  #calls = -0;
  #round = 0;
  #bound = false;
  #released = false;

  constructor({ name, tags, ascii, key }: Identity, owner: Owner) {
    this.#name = name;
    this.#tags = tags;
    this.#ascii = ascii;
    this.#key = key;
    this.#owner = owner;
  }

  abstract get kind(): Kind;

  get name(): string {
    return this.#name;
  }

  get tags(): readonly Tag[] {
    return this.#tags;
  }

  get ascii(): boolean {
    return this.#ascii;
  }

  /** The key of the metric in the registry. */
  get key(): string {
    return this.#key;
  }

  get owner(): Owner {
    return this.#owner;
  }

  /**
   * Calls since the metric was last sent. A metric is dirty while this isn't 0, so it needs no flag. The ledger adds up
   * these numbers.
   */
  get calls(): number {
    return this.#calls;
  }

  /** The registry's round in which the metric was last touched. */
  get round(): number {
    return this.#round;
  }

  set round(round: number) {
    this.#round = round;
  }

  /** Whether app code holds the metric. The registry never lets go of such a metric. */
  get bound(): boolean {
    return this.#bound;
  }

  /** Called when app code gets the metric to hold. */
  bind(): void {
    this.#bound = true;
  }

  /** Whether the registry has let go of it. It comes back with its next sample, because a look-up may still find it. */
  get released(): boolean {
    return this.#released;
  }

  /** Called when the registry lets go of the metric. */
  release(): void {
    this.#released = true;
  }

  /** Called when the registry holds the metric again. */
  takeBack(): void {
    this.#released = false;
  }

  /** Counts calls whose values have been recorded. */
  countCalls(calls: number): void {
    const before = this.#calls;
    this.#calls = before + calls;
    if (before === 0) this.#owner.touched(this);
  }

  /** Forgets the calls, and returns how many they were. */
  protected forgetCalls(): number {
    const calls = this.#calls;
    this.#calls = 0;
    return calls;
  }

  /** Forgets what was recorded since the last time, and returns how many calls that were. */
  abstract clear(): number;

  /** Hands the only sample that it has to another metric of its kind, and is clean again. */
  abstract handOver(other: Metric): void;

  /** Whether the metric is sent again without new samples. The sweep keeps such a metric while half of the room is free. */
  get isRepeated(): boolean {
    return false;
  }

  /** Whether the metric has nothing to send, so that it can be let go without a loss. */
  get idle(): boolean {
    return this.#calls === 0;
  }
}

/** Whether a value can be recorded: a number, neither NaN nor infinite, at most `limit` in magnitude. */
export function isNumberWithin(value: unknown, limit: number): value is number {
  return typeof value === 'number' && value >= -limit && value <= limit;
}
