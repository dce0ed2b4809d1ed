import { datadogOrigin } from '../host/datadog-origin.js';
import type { MetricView } from '../metric/view.js';

/** Options for the fields that tell the Datadog Agent where a line comes from. */
export interface OriginOptions {
  /**
   * Writes on each line, for the Datadog Agent, where it comes from: the id of the container (`|c:`), `DD_EXTERNAL_ENV` (`|e:`),
   * the tag `dd.internal.entity_id` of `DD_ENTITY_ID`, and `DD_CARDINALITY` (`|card:`). For the format `dogstatsd`. Default
   * false, because other servers needn't know the fields.
   */
  readonly originDetection?: boolean;
  /** The id of the container, in place of the one that is found. Default: none, without `originDetection`. */
  readonly containerId?: string;
  /** The value to use instead of the variable `DD_EXTERNAL_ENV`. Default: none, without `originDetection`. */
  readonly externalData?: string;
  /** Which tags of the container the Agent adds: `none`, `low`, `orchestrator` or `high`. Default: none is written. */
  readonly cardinality?: string;
}

/** The fields that each line gets, and the tag. */
export interface OriginFields {
  /** `|c:…|e:…|card:…`, or empty. */
  readonly fields: string;
  /** `|c:…|e:…`, for a metric that has a cardinality of its own. */
  readonly withoutCardinality: string;
  /** `dd.internal.entity_id:…`, or empty. */
  readonly tag: string;
}

/** A tag of this key, on a metric, is written as the field of its cardinality. */
export const CARDINALITY_TAG = 'dd.internal.card';

/** Makes the fields for these options. Files and environment are read when the first line is written. */
export function originFields({
  originDetection = false,
  containerId,
  externalData,
  cardinality,
}: OriginOptions): () => OriginFields {
  let made: OriginFields | undefined;
  return () => {
    if (made !== undefined) return made;
    const found = originDetection ? datadogOrigin() : undefined;
    const written = [
      ['c', containerId ?? found?.containerId],
      ['e', externalData ?? found?.externalData],
    ].map(([key, value]) => (value === undefined ? '' : `|${key}:${value}`));
    const card = cardinality ?? found?.cardinality;
    const withoutCardinality = written.join('');
    made = {
      withoutCardinality,
      fields: withoutCardinality + (card === undefined ? '' : `|card:${card}`),
      tag:
        found?.entityId === undefined
          ? ''
          : `dd.internal.entity_id:${found.entityId.replaceAll(/[,|\s]/g, '_')}`,
    };
    return made;
  };
}

/** The cardinality that a metric's tags ask for. */
export function cardinalityOf({ tags }: Pick<MetricView, 'tags'>): string | undefined {
  for (const [key, value] of tags) if (key === CARDINALITY_TAG) return value;
  return undefined;
}
