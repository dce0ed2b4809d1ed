import type { Kind } from '../metric/view.js';

/**
 * What becomes of the metrics that it is for. Of several rules for a metric each one has its turn, in their order, and sees what
 * the ones before have made of it.
 */
export interface Rule {
  /**
   * The name of the metrics, without the client's prefix. `*` stands for any characters, also for none: `http.*` are all that begin
   * with `http.`, and `*` is every metric.
   */
  readonly match: string;
  /** Names, written as in `match`, that the rule isn't for. With `match: '*'` it is for all but these. Default: none. */
  readonly unless?: readonly string[];
  /** Only metrics of this kind. `histogram` are values whose unit isn't time, at the collector and on the page. Default: all kinds. */
  readonly kind?: Kind | 'histogram';
  /** Whether they are left out: not recorded, not counted. Default false. */
  readonly deny?: boolean;
  /** Their new name. `$1` stands for the characters of the first `*` of `match`, and so on. Default: they keep theirs. */
  readonly rename?: string;
  /**
   * New keys of tags, by their old ones. A tag that has the new key already stays, and the other one goes. `drop`, `keep` and `limit` go by
   * the new keys. Default: they keep theirs.
   */
  readonly renameTags?: Readonly<Record<string, string>>;
  /** Keys of tags that are taken away. Default: none. */
  readonly drop?: readonly string[];
  /** Keys of the only tags that stay. Default: all. */
  readonly keep?: readonly string[];
  /**
   * By the key of a tag how many values of it there may be, of all metrics that the rule is for together. The first ones count.
   * Further values become `other`. Default: no limit.
   */
  readonly limit?: Readonly<Record<string, number>>;
  /** Upper bounds of a timer's buckets, in seconds, or of other values, in their own unit; in rising order. For Prometheus. Default: those of the output. */
  readonly buckets?: readonly number[];
  /** The unit of a gauge, counter, set or histogram, such as `bytes`: the end of its name in Prometheus. Default: none. */
  readonly unit?: string;
  /** What it is, for people: `HELP` in Prometheus. Default: its kind and name. */
  readonly help?: string;
  /** Its name in Prometheus. A counter gets `_total` after it. Default: made of its name. */
  readonly prometheus?: string;
  /** Its name in OpenTelemetry. Default: made of its name. */
  readonly otlp?: string;
}

/** What rules say of a metric to those who pass it on. */
export type Described = Pick<Rule, 'buckets' | 'unit' | 'help' | 'prometheus' | 'otlp'>;
