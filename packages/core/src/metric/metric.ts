import type { Trace } from '../host/active-trace.js';
import type { Identity } from '../text/identity.js';
import type { Tag, Tags } from '../text/tags.js';
import type { Kind } from './view.js';

/** What a metric needs of the registry that holds it. */
export interface Owner {
  readonly maxSamples: number;
  /** The wall clock, in ms since 1970. */
  readonly now: () => number;
  /** The trace in which something is recorded now. Undefined where nobody wants exemplars. */
  readonly trace: (() => Trace | undefined) | undefined;
  /** A metric that was clean has its first sample. */
  touched(metric: Metric): void;
  /** A value was refused; `what` names it in the warning. */
  rejected(what: string, metric: string, value: unknown): void;
  /** A sample was not kept, since it would be one distinct thing too many. */
  overLimit(metric: Metric): void;
  /** A timer was given a value. It is called only once `tellOwners` has been. */
  readonly told?: ((timer: Metric, value: number) => void) | undefined;
  /** A duration in ms was measured that has more tags than the timer that app code holds. */
  recordTagged(timer: Metric, ms: number, tags: Tags): void;
}

/**
 * The part that all kinds share: a name, and how many calls wait to be sent. App code holds such objects (`createCounter`), so all
 * that they know is in private fields: `console.log` shows none of it, and no assignment reaches it.
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

  /** What the registry finds it by. */
  get key(): string {
    return this.#key;
  }

  get owner(): Owner {
    return this.#owner;
  }

  /**
   * Calls since the metric was last sent. Going from 0 to 1 makes it dirty, so there is no flag of its own; the ledger is the sum
   * of these.
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

  /** Whether app code holds it, so that it is never let go. */
  get bound(): boolean {
    return this.#bound;
  }

  /** App code holds it from now on. */
  bind(): void {
    this.#bound = true;
  }

  /** Whether the registry has let go of it. Whoever still knows it may touch it; then it comes back. */
  get released(): boolean {
    return this.#released;
  }

  /** The registry lets go of it. */
  release(): void {
    this.#released = true;
  }

  /** The registry has it again. */
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

  /** Whether it is to be kept while there is room, because it is sent again without being touched. */
  get isRepeated(): boolean {
    return false;
  }

  /** Whether letting the metric go now would lose anything. */
  get idle(): boolean {
    return this.#calls === 0;
  }
}

/** Whether a value can be recorded: a number, neither NaN nor infinite, at most `limit` in magnitude. */
export function isNumberWithin(value: unknown, limit: number): value is number {
  return typeof value === 'number' && value >= -limit && value <= limit;
}
