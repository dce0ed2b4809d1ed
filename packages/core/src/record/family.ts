import type { Metric, Owner } from '../metric/metric.js';
import type { ValueKind } from '../metric/view.js';
import type { Identity } from '../text/identity.js';

/** A class of metrics. */
interface MetricKind<M extends Metric> {
  new (identity: Identity, owner: Owner): M;
  /** How a warning calls what is recorded. */
  readonly sample: string;
  /** Whether a value can be recorded. */
  accepts(value: unknown): boolean;
}

/** The metrics of one kind. */
export class Family<M extends Metric> {
  /** Those without tags, by name. */
  plain: Map<string, M> = new Map();
  /** Those with tags, by key. A name that a call gives is never looked up here, so it can't pass for a key. */
  readonly tagged: Map<string, M> = new Map();
  readonly kind: MetricKind<M>;
  /**
   * Metrics by the names that calls without tags give, where rules may have given them other ones. Without rules these are the names
   * of `plain`.
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

  /** From now on names that calls give and names of metrics may differ. Look-ups have the map of before, so it is the one for calls. */
  split(): void {
    if (this.given !== undefined) return;
    this.given = this.plain;
    this.plain = new Map(this.plain);
  }

  /** The map in which a metric has its place. */
  mapOf({ tags }: Pick<Identity, 'tags'>): Map<string, M> {
    return tags.length === 0 ? this.plain : this.tagged;
  }
}

/** The kinds of metrics that have a family of their own. */
export type FamilyName = 'counter' | 'gauge' | 'timer' | 'set' | ValueKind;

/** The name of the family that a metric is of. */
export function familyOf(metric: Metric): FamilyName {
  const { as, kind } = metric as Metric & { readonly as?: ValueKind; readonly kind: FamilyName };
  return as ?? kind;
}
