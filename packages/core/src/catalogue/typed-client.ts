import type {
  BoundCounter,
  BoundGauge,
  BoundSet,
  BoundTimer,
  Combine,
  Ended,
  StatsdClient,
  Tags,
} from '../index.js';
import type { Inside, MetricDefinitions, NamesOf, TagsOf, WithTagsOf } from './definition.js';

interface Sampled {
  /** A number above 0 and up to 1. It counts only while samples aren't aggregated. Default 1. */
  readonly sampleRate?: number;
}

interface Combined {
  /** How the values of several callbacks under one name and tags are combined. Default `sum`. */
  readonly combine?: Combine;
}

/** The options of calls that are timed: tags that `outcomeTags` gives can be left out of `tags`. */
type TimeArguments<D> =
  | WithTagsOf<D, Sampled>
  | [
      options: Sampled & {
        readonly tags?: Partial<TagsOf<D>>;
        readonly outcomeTags: (ended: Ended) => Partial<TagsOf<D>>;
      },
    ];

/**
 * A client that records the metrics of a catalogue, and no other: names, kinds, tags and their values are checked by TypeScript.
 * Its methods are those of {@link StatsdClient}, but that each call has one name.
 */
export interface TypedClient<M extends MetricDefinitions> extends Pick<
  StatsdClient,
  'collectRuntimeMetrics' | 'configure' | 'event' | 'flush' | 'serviceCheck' | 'shutdown' | 'stats'
> {
  /** Adds 1 to a counter. */
  increment<N extends NamesOf<M, 'counter'>>(name: N, ...options: WithTagsOf<M[N], Sampled>): void;
  /** Subtracts 1 from a counter. */
  decrement<N extends NamesOf<M, 'counter'>>(name: N, ...options: WithTagsOf<M[N], Sampled>): void;
  /** Adds `delta` to a counter. */
  updateStats<N extends NamesOf<M, 'counter'>>(
    name: N,
    delta: number,
    ...options: WithTagsOf<M[N], Sampled>
  ): void;
  /** Records a duration in ms. */
  timing<N extends NamesOf<M, 'timer'>>(name: N, ms: number, ...options: WithTagsOf<M[N], Sampled>): void;
  /** Records a value of any unit. */
  histogram<N extends NamesOf<M, 'histogram'>>(
    name: N,
    value: number,
    ...options: WithTagsOf<M[N], Sampled>
  ): void;
  /** Records a value of any unit, as DogStatsD's distribution. */
  distribution<N extends NamesOf<M, 'distribution'>>(
    name: N,
    value: number,
    ...options: WithTagsOf<M[N], Sampled>
  ): void;
  /**
   * Sets a gauge.
   *
   * @param name - A gauge of the catalogue.
   * @param value - A finite number.
   * @param options - Its tags.
   */
  gauge<N extends NamesOf<M, 'gauge'>>(name: N, value: number, ...options: WithTagsOf<M[N]>): void;
  /** Has a gauge read before a flush, until the function that this returns is called. */
  gauge<N extends NamesOf<M, 'gauge'>>(
    name: N,
    read: () => number,
    ...options: WithTagsOf<M[N], Combined>
  ): () => void;
  /** Adds a member to a set. */
  set<N extends NamesOf<M, 'set'>>(
    name: N,
    member: string | number,
    ...options: WithTagsOf<M[N], Sampled>
  ): void;
  /**
   * A function that does what `fn` does, and records how long each call takes.
   *
   * @param name - A timer of the catalogue.
   * @param fn - The function that is called inside.
   * @param options - Its tags; those that `outcomeTags` gives by how a call ended can be left out of `tags`.
   */
  time<N extends NamesOf<M, 'timer'>, F extends (...args: never) => unknown>(
    name: N,
    fn: F,
    ...options: TimeArguments<M[N]>
  ): F;
  /** A function that does what `fn` does, and counts each call. */
  count<N extends NamesOf<M, 'counter'>, F extends (...args: never) => unknown>(
    name: N,
    fn: F,
    ...options: WithTagsOf<M[N], Sampled>
  ): F;
  /** A counter to hold on to. */
  createCounter<N extends NamesOf<M, 'counter'>>(name: N, ...options: WithTagsOf<M[N]>): BoundCounter;
  /** A gauge to hold on to. */
  createGauge<N extends NamesOf<M, 'gauge'>>(name: N, ...options: WithTagsOf<M[N]>): BoundGauge;
  /** A timer to hold on to. */
  createTimer<N extends NamesOf<M, 'timer'>>(name: N, ...options: WithTagsOf<M[N]>): BoundTimer;
  /** A set to hold on to. */
  createSet<N extends NamesOf<M, 'set'>>(name: N, ...options: WithTagsOf<M[N]>): BoundSet;
  /**
   * A client for the metrics under a prefix, whose calls may leave out the tags that it adds.
   *
   * @param options - What it adds to names and tags.
   */
  child<const P extends string = '', const T extends Tags = {}>(options?: {
    /** Stands before every name, with a dot between. Default: none. */
    readonly prefix?: P;
    /** Default: none. */
    readonly tags?: T;
  }): TypedClient<Inside<M, P, T>>;
}
