import type { Identity } from '../text/identity.js';
import type { Tag, Tags } from '../text/tags.js';
import type { Kind } from './view.js';

/** What a metric needs of the registry that holds it. */
export interface Owner {
  readonly maxSamples: number;
  /** The wall clock, in ms since 1970. */
  readonly now: () => number;
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

/** The part that all kinds share: a name, and how many calls wait to be sent. */
export abstract class Metric {
  abstract readonly kind: Kind;
  readonly name: string;
  readonly tags: readonly Tag[];
  readonly ascii: boolean;
  /** What the registry finds it by. */
  readonly key: string;
  readonly owner: Owner;
  /**
   * Calls since the metric was last sent. Going from 0 to 1 makes it dirty, so there is no flag of its own;
   * the ledger is the sum of these. Starts as a double (-0), so that the hidden class never changes.
   */
  calls = -0;
  /** The registry's round in which the metric was last touched. */
  round = 0;
  /** Held by app code, so never let go. */
  bound = false;
  /** The registry has let go of it. Whoever still knows it may touch it; then it comes back. */
  released = false;

  constructor({ name, tags, ascii, key }: Identity, owner: Owner) {
    this.name = name;
    this.tags = tags;
    this.ascii = ascii;
    this.key = key;
    this.owner = owner;
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
    return this.calls === 0;
  }
}

/** Whether a value can be recorded: a number, neither NaN nor infinite, at most `limit` in magnitude. */
export function isNumberWithin(value: unknown, limit: number): value is number {
  return typeof value === 'number' && value >= -limit && value <= limit;
}
