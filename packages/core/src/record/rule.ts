import type { Kind } from '../metric/view.js';

/**
 * Changes or describes the metrics that it matches. If several rules match a metric, they are applied in their order, and each
 * sees the result of the rule before.
 */
export interface Rule {
  /**
   * The names that the rule matches, without the client's prefix. `*` stands for any characters, also for none: `http.*` matches
   * names that begin with `http.`, and `*` matches every metric.
   */
  readonly match: string;
  /** Names that the rule doesn't match, written as in `match`. With `match: '*'` it matches all names but these. Default: none. */
  readonly unless?: readonly string[];
  /** The only kind that the rule matches. `histogram` stands for values whose unit isn't time. Default: all kinds. */
  readonly kind?: Kind | 'histogram';
  /** Whether the metrics are left out: not recorded, not counted. Default: false. */
  readonly deny?: boolean;
  /** The new name. `$1` stands for the characters of the first `*` of `match`, and so on. Default: the old name. */
  readonly rename?: string;
  /**
   * New keys of tags, by their old keys. If a metric has a tag with the new key already, that tag stays and the renamed one goes.
   * `drop`, `keep` and `limit` use the new keys. Default: the old keys.
   */
  readonly renameTags?: Readonly<Record<string, string>>;
  /** Keys of tags that are removed. Default: none. */
  readonly drop?: readonly string[];
  /** Keys of the only tags that stay. Default: all. */
  readonly keep?: readonly string[];
  /**
   * The maximum number of values of a tag, by its key, over all metrics that the rule matches. The first values are kept. Further
   * values become `other`. Default: no limit.
   */
  readonly limit?: Readonly<Record<string, number>>;
  /**
   * Upper bounds of buckets for Prometheus, in rising order. A timer's are in seconds. Other values have their own unit. Default:
   * the bounds of the output.
   */
  readonly buckets?: readonly number[];
  /** The unit of a gauge, counter, set or histogram, such as `bytes`. Its name in Prometheus ends with it. Default: none. */
  readonly unit?: string;
  /** A description for people, which is `HELP` in Prometheus. Default: the kind and name. */
  readonly help?: string;
  /** The name in Prometheus. A counter's name gets `_total` at its end. Default: made of the metric's name. */
  readonly prometheus?: string;
  /** The name in OpenTelemetry. Default: made of the metric's name. */
  readonly otlp?: string;
}

/** The description of a metric by rules, for programs that pass it on. */
export type Described = Pick<Rule, 'buckets' | 'unit' | 'help' | 'prometheus' | 'otlp'>;
