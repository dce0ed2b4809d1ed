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
  /** Metrics with tags, by key. Names of calls are never looked up here, so a name can't be mistaken for a key. */
  readonly tagged: Map<string, M> = new Map();
  readonly kind: MetricKind<M>;
  /**
   * Metrics by the names in calls without tags, because rules may have renamed the metrics. Undefined without rules: then the
   * names are those of `plain`.
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

  /** Separates names in calls from names of metrics. Look-ups already hold the old map, so that one becomes `given`. */
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
