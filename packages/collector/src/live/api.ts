/** The version of the JSON under `/api/v1`. It changes when a member changes its meaning or goes; new members may come at any time. */
export const API_VERSION = 1;

/** What a series is: the kinds of StatsD, and `histogram` for values that are no durations. */
export type LiveKind = 'counter' | 'gauge' | 'timer' | 'histogram' | 'set';

/**
 * The columns of each kind, in the order in which all values are listed: counters as their rate a second; timers and histograms
 * with their rate and their percentiles; sets with the distinct members of a step.
 */
export const COLUMNS: Readonly<Record<LiveKind, readonly string[]>> = {
  counter: ['rate'],
  gauge: ['value'],
  timer: ['rate', 'p50', 'p95', 'p99'],
  histogram: ['rate', 'p50', 'p95', 'p99'],
  set: ['distinct'],
};

/** A value; null where there is none. */
export type Value = number | null;

/** A series in a list. */
export interface MetricItem {
  /** Its number, as long as the collector runs. */
  readonly id: number;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly kind: LiveKind;
  /** `ms`, `bytes`, or empty where nothing is known. */
  readonly unit: string;
  /** The tag whose series it adds up, as `[key, value]`, or `[]` for all of the name. Absent for a series that came in. */
  readonly of?: readonly string[];
  /** When it was heard of first, in ms since 1970. */
  readonly first: number;
  /** Its values now, by the columns of its kind: rates over 5 s, percentiles over about a minute. */
  readonly now: readonly Value[];
}

/** What a series of this API run through: the steps in which values are kept. */
export interface Steps {
  /** The run of the collector: another text after a restart, and then no number of a series means the same. */
  readonly run: string;
  /** A step, in ms. */
  readonly stepMs: number;
  /** Steps that are kept. */
  readonly points: number;
  /** The number of the step under way. */
  readonly step: number;
  /** When that step began, in ms since 1970. */
  readonly stepBegan: number;
}

/** The answer of `/api/v1/metrics`. */
export interface MetricList extends Steps {
  readonly version: number;
  readonly metrics: readonly MetricItem[];
  /** How many match; more than are listed, if there was a limit. */
  readonly matching: number;
}

/** One line of a chart. */
export interface SeriesLine {
  readonly id?: number;
  readonly tags: Readonly<Record<string, string>>;
  /** How many series are added up in it. */
  readonly series: number;
  /** By column, in the order of `COLUMNS`; each with one value a step, from `from` on. */
  readonly values: readonly (readonly Value[])[];
}

/** The answer of `/api/v1/series`. */
export interface SeriesAnswer extends Steps {
  readonly version: number;
  readonly name: string;
  readonly kind: LiveKind;
  readonly unit: string;
  readonly columns: readonly string[];
  /** The number of the first step in `values`. */
  readonly from: number;
  readonly lines: readonly SeriesLine[];
  /** How many lines were left out, because a chart of so many says nothing: the smallest. */
  readonly leftOut: number;
  /** Keys of tags by which it can be split, each with the number of its values. */
  readonly tagKeys: Readonly<Record<string, number>>;
  /** The same as queries elsewhere. */
  readonly queries: { readonly promql: readonly string[]; readonly graphite: readonly string[] };
}

/** The answer of `/api/v1/points`: values of several series, for sparklines. */
export interface PointsAnswer extends Steps {
  readonly version: number;
  readonly from: number;
  /** By the number of the series: its first column. */
  readonly values: Readonly<Record<string, readonly Value[]>>;
}

/** What came in through an input. */
export interface InputStatus {
  readonly messages: number;
  readonly samples: number;
  readonly badLines: number;
}

/** What an output has passed on. */
export interface OutputStatus {
  readonly name: string;
  readonly recorded: number;
  readonly sent: number;
  readonly errors: number;
  readonly dropped: number;
  /** Distinct metrics that it holds, and the most that it may; only of outputs that hold any. */
  readonly held?: number;
  readonly maxMetrics?: number;
  /** What waits for a store that is away. */
  readonly waitingBytes?: number;
}

/** The collector's own health: the answer of `/api/v1/status`, and a part of each tick. */
export interface Status {
  readonly collector: string;
  readonly pid: number;
  /** When the collector started, in ms since 1970. The history begins there. */
  readonly started: number;
  readonly inputs: Readonly<Record<string, InputStatus>>;
  readonly queue: { readonly depth: number; readonly capacity: Value };
  readonly udpDrops: Value;
  /** Of the samples that clients report, in per cent; null while none reports. */
  readonly completeness: { readonly percent: Value; readonly clients: number };
  readonly outputs: readonly OutputStatus[];
  readonly history: {
    /** Places in use, of so many. A timer, a histogram and a total of several of them take two. */
    readonly held: number;
    readonly limit: number;
    readonly series: number;
    /** Samples of series for which there was no place. */
    readonly leftOut: number;
  };
  readonly viewers: number;
}

/** The first event of `/api/v1/stream`. */
export interface Hello extends Steps {
  readonly version: number;
  readonly status: Status;
}

/** An event of `/api/v1/stream`, each second. */
export interface Tick extends Steps {
  readonly status: Status;
  /** Series that are new since the last tick. */
  readonly metrics: readonly MetricItem[];
  /** Numbers of series that have been let go. */
  readonly gone: readonly number[];
  /** `[id, …now]` of series that may have changed. */
  readonly now: readonly (readonly Value[])[];
  /**
   * `[id, …values]` of the step that has ended since the last tick; absent when none has. Of a series that isn't in it: no
   * samples came, and a gauge stands as it did.
   */
  readonly ended?: readonly (readonly Value[])[];
}

/** A client, as it reports itself: samples since it began. */
export interface ClientItem {
  /** Tells it from every other one, also of the same process. */
  readonly id: string;
  /** Empty for none. */
  readonly service: string;
  readonly instance: string;
  readonly host: string;
  readonly pid: number;
  /** Its worker thread; 0 is the main thread. */
  readonly thread: number;
  /** When it was heard of first and last, in ms since 1970. A client that records nothing has nothing to say. */
  readonly first: number;
  readonly last: number;
  readonly recorded: number;
  readonly sent: number;
  readonly pending: number;
  readonly dropped: number;
  readonly rejected: number;
  /** Its latest warnings: of names and values that it refused, of places that are taken. */
  readonly warnings: readonly string[];
  /** What it has found in its app's code. */
  readonly findings: readonly FindingItem[];
}

/** Something in an app's code that is worth a look. */
export interface FindingItem {
  /**
   * `growth`: the tags of a metric have ever more values. `calls`: a thing ran often in one request. `blocking`: where a function
   * was given whose hold on the event loop is measured. Newer clients may have more kinds.
   */
  readonly kind: string;
  /** The metric; of `calls`, the timer of the thing. */
  readonly metric: string;
  /** Of `calls`, the route; else empty. */
  readonly route: string;
  readonly text: string;
  /** File, line and column; empty where that isn't known. */
  readonly place: string;
}

/** The answer of `/api/v1/clients`. */
export interface ClientList {
  readonly version: number;
  readonly run: string;
  readonly clients: readonly ClientItem[];
}
