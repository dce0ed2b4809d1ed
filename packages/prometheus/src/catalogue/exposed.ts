import type { Catalogue, MetricDefinition, TagDefinition, TagValues } from '@afstatsd/core/catalogue';
import { dotted } from '@afstatsd/core/instrument';
import { PrometheusNaming } from '../names/prometheus-naming.js';
import { describedBy } from '../names/well-known.js';
import { type SeriesKind, hasBytes } from '../record/kind.js';

/** Options for turning the names of a catalogue into those of Prometheus. */
export interface ExposedOptions {
  /** The prefix of the client that records the metrics. Default: none. */
  readonly prefix?: string;
  /** The prefix that the collector or the page adds to every name, followed by `_`. Default: none. */
  readonly pagePrefix?: string;
}

/** A tag as a label. */
export interface ExposedTag {
  readonly key: string;
  readonly label: string;
  readonly values: TagValues;
  readonly help: string;
  readonly isOptional: boolean;
}

/** A metric of a catalogue, as Prometheus has it. */
export interface Exposed {
  /** The name of the metric as it is recorded, with the client's prefix. */
  readonly name: string;
  /** The first segment of the name, without the client's prefix. */
  readonly group: string;
  readonly definition: MetricDefinition;
  readonly kind: SeriesKind;
  /** The name of its family in Prometheus. */
  readonly family: string;
  readonly tags: readonly ExposedTag[];
}

/** The metrics of a catalogue with the names and labels that they have on a page. */
export function exposedIn(
  { metrics, rules }: Catalogue,
  { prefix = '', pagePrefix = '' }: ExposedOptions,
): Exposed[] {
  const naming = new PrometheusNaming(pagePrefix, describedBy(rules(prefix)));
  return Object.entries(metrics).map(([called, definition]) => {
    const name = dotted(prefix) + called;
    const kind = seriesOf(name, definition);
    const family = naming.family(kind, name);
    const tags = Object.entries(definition.tags ?? {}).map(([key, tag]): ExposedTag => {
      const { values, help = '', optional = false } = isValues(tag) ? { values: tag } : tag;
      const [label = key] = Object.keys(naming.attributes(family, [[key, 'value']]));
      return { key, label, values, help, isOptional: optional };
    });
    return { name, group: called.split('.')[0]!, definition, kind, family, tags };
  });
}

function seriesOf(name: string, { kind }: MetricDefinition): SeriesKind {
  if (kind === 'distribution') return 'histogram';
  return kind === 'timer' && hasBytes(name) ? 'histogram' : kind;
}

function isValues(tag: TagValues | TagDefinition): tag is TagValues {
  return typeof tag === 'string' || Array.isArray(tag);
}
