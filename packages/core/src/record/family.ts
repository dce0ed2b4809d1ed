import type { Metric, Owner } from '../metric/metric.js';
import type { ValueKind } from '../metric/view.js';
import type { Identity } from '../text/identity.js';

/** A class of metrics. */
interface MetricKind<M extends Metric> {
  new (identity: Identity, owner: Owner): M;
  /** The word for a recorded value in warnings. */
  readonly sample: string;
  /** Whether a value can be recorded. */
  accepts(value: unknown): boolean;
}

/** The metrics of one kind. */
export class Family<M extends Metric> {
  /** Metrics without tags, by name. */
  plain: Map<string, M> = new Map();
  /** Metrics with tags, by key. The name in a call is never looked up here, because it could look like another metric's key. */
  readonly tagged: Map<string, M> = new Map();
  readonly kind: MetricKind<M>;
  /**
   * Metrics by the name that a call without tags passed. A rule may have given the metric another name, under which it is in
   * `plain`. Undefined without rules, because both names are the same then.
   */
  given: Map<string, M> | undefined;

  constructor(kind: MetricKind<M>) {
    this.kind = kind;
  }

  get size(): number {
    return this.plain.size + this.tagged.size;
  }

  *all(): Generator<M> {
    yield* this.plain.values();
    yield* this.tagged.values();
  }

  /** Separates names in calls from names of metrics. The old map becomes `given`, because look-ups hold it. `plain` gets a copy. */
  split(): void {
    if (this.given !== undefined) return;
    this.given = this.plain;
    this.plain = new Map(this.plain);
  }

  /** The map that holds a metric. */
  mapOf({ tags }: Pick<Identity, 'tags'>): Map<string, M> {
    return tags.length === 0 ? this.plain : this.tagged;
  }
}

/** The names of the families, one per kind of metric. */
export type FamilyName = 'counter' | 'gauge' | 'timer' | 'set' | ValueKind;

/** The name of a metric's family. */
export function familyOf(metric: Metric): FamilyName {
  const { as, kind } = metric as Metric & { readonly as?: ValueKind; readonly kind: FamilyName };
  return as ?? kind;
}
