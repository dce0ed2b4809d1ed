import type { Tags } from '../index.js';

/** The kinds of metrics, as the client has them. */
export type MetricKind = 'counter' | 'gauge' | 'timer' | 'set' | 'histogram' | 'distribution';

/** The values that a tag may have: a list of them, or any of a type. */
export type TagValues = 'string' | 'number' | 'boolean' | readonly (string | number | boolean)[];

/** A tag of a metric. */
export interface TagDefinition {
  /** The values that it may have. */
  readonly values: TagValues;
  /** The meaning of the tag, for readers of documents. Default: none. */
  readonly help?: string;
  /** Whether a call may leave it out. Default false. */
  readonly optional?: boolean;
}

/** A metric of a catalogue. */
export interface MetricDefinition {
  /** Which calls record it. */
  readonly kind: MetricKind;
  /** The description of the metric: `HELP` in Prometheus, the description in OpenTelemetry, and a row in documents. */
  readonly help: string;
  /** The unit of values that are no durations, in letters and underscores, such as `bytes`. A timer has none: it is in seconds. Default: none. */
  readonly unit?: string;
  /** Upper bounds of its buckets in Prometheus, in rising order: of a timer in seconds, of other values in their own unit. Default: those of the output. */
  readonly buckets?: readonly number[];
  /** Its tags, by key: the values alone, or with a description. Default: none. */
  readonly tags?: Readonly<Record<string, TagValues | TagDefinition>>;
}

/** The metrics of a catalogue by the name that calls give, without the client's prefix. */
export type MetricDefinitions = Readonly<Record<string, MetricDefinition>>;

/** The names of a catalogue whose metrics have this kind. */
export type NamesOf<M extends MetricDefinitions, K extends MetricKind> = {
  [N in keyof M]: M[N]['kind'] extends K ? N : never;
}[keyof M] &
  string;

/** The type of a tag's value. */
type ValueOf<T> = T extends 'string'
  ? string
  : T extends 'number'
    ? number
    : T extends 'boolean'
      ? boolean
      : T extends readonly (infer V)[] // before `values`, because arrays have a method of that name
        ? V
        : T extends { readonly values: infer V }
          ? ValueOf<V>
          : never;

type DefinedTags<D> = D extends { readonly tags: infer T } ? T : {};
type OptionalKeys<T> = {
  [K in keyof T]: T[K] extends { readonly optional: true } ? K : never;
}[keyof T];
type RequiredKeys<T> = Exclude<keyof T, OptionalKeys<T>>;

/** The tags that a call gives for a metric. */
export type TagsOf<D> = [keyof DefinedTags<D>] extends [never]
  ? { readonly [key: string]: never }
  : { readonly [K in RequiredKeys<DefinedTags<D>>]: ValueOf<DefinedTags<D>[K]> } & {
      readonly [K in OptionalKeys<DefinedTags<D>>]?: ValueOf<DefinedTags<D>[K]> | null | undefined;
    };

/** Options with the tags of a metric. They can be left out where none of the tags is required. */
export type WithTagsOf<D, O = {}> = [RequiredKeys<DefinedTags<D>>] extends [never]
  ? [
      options?: O & {
        /** Its tags. Default: none. */
        readonly tags?: TagsOf<D>;
      },
    ]
  : [
      options: O & {
        /** Its tags. */
        readonly tags: TagsOf<D>;
      },
    ];

/** A definition, of whose tags a child client adds some. */
interface Given<D extends MetricDefinition, T extends Tags> {
  readonly kind: D['kind'];
  readonly help: string;
  readonly tags: {
    readonly [K in keyof DefinedTags<D>]: K extends keyof T
      ? { readonly values: ValuesOf<DefinedTags<D>[K]>; readonly optional: true }
      : DefinedTag<DefinedTags<D>[K]>;
  };
}
type ValuesOf<T> = T extends TagDefinition ? T['values'] : T extends TagValues ? T : never;
type DefinedTag<T> = T extends TagDefinition | TagValues ? T : never;
type WithoutDot<P extends string> = P extends `${infer B}.` ? B : P;

/** The metrics that a child client can record: those under its prefix, without it and without the tags that the child adds. */
export type Inside<M extends MetricDefinitions, P extends string, T extends Tags> = {
  readonly [N in keyof M as P extends '' ? N : N extends `${WithoutDot<P>}.${infer R}` ? R : never]: Given<
    M[N],
    T
  >;
};
