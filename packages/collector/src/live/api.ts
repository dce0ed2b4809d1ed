/** The version of the JSON under `/api/v1`. It changes if a member goes or gets another meaning, but not for new members. */
export const API_VERSION = 1;

/** The kind of a series: the kinds of StatsD, and `histogram` for values that are no durations. */
export type LiveKind = 'counter' | 'gauge' | 'timer' | 'histogram' | 'set';

/**
 * The columns of each kind, in the order in which values are listed. A rate is per second. Sets have the number of distinct
 * members in a step.
 */
export const COLUMNS: Readonly<Record<LiveKind, readonly string[]>> = {
  counter: ['rate'],
  gauge: ['value'],
  timer: ['rate', 'p50', 'p95', 'p99'],
  histogram: ['rate', 'p50', 'p95', 'p99'],
  set: ['distinct'],
};

/** A value. Null stands for a time without a value, because JSON has no NaN. */
export type Value = number | null;

/** A series in a list. */
export interface MetricItem {
  /** The number of the series. It holds as long as the collector runs. */
  readonly id: number;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly kind: LiveKind;
  /** The unit: `ms`, `bytes`, or empty if it isn't known. */
  readonly unit: string;
  /** For a total, the tag `[key, value]` whose series it adds up, or `[]` for all series of the name. Absent for other series. */
  readonly of?: readonly string[];
  /** The time of its first sample, in ms since 1970. */
  readonly first: number;
  /** The current values, by the columns of its kind. Rates are over 5 s, and percentiles over about a minute. */
  readonly now: readonly Value[];
}

/** The steps in which values are kept. All answers have them. */
export interface Steps {
  /** The run of the collector. It is another text after a restart, and then the numbers of series have other meanings. */
  readonly run: string;
  /** The length of a step, in ms. */
  readonly stepMs: number;
  /** The number of steps that are kept. */
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
  /** The number of series that match. It is more than are listed if there was a limit. */
  readonly matching: number;
}

/** One line of a chart. */
export interface SeriesLine {
  readonly id?: number;
  readonly tags: Readonly<Record<string, string>>;
  /** The number of series that the line adds up. */
  readonly series: number;
  /** A list for each column, in the order of `COLUMNS`. Each has one value a step, beginning at `from`. */
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
  /** The number of lines that were left out. The smallest are, because more than 20 can't be told apart. */
  readonly leftOut: number;
  /** The tag keys by which the chart can be split. Each has the number of its values. */
  readonly tagKeys: Readonly<Record<string, number>>;
  /** Queries for the same data in Prometheus and Graphite. */
  readonly queries: { readonly promql: readonly string[]; readonly graphite: readonly string[] };
}

/** The answer of `/api/v1/points`: values of several series, for sparklines. */
export interface PointsAnswer extends Steps {
  readonly version: number;
  readonly from: number;
  /** The first column of each series, by the number of the series. */
  readonly values: Readonly<Record<string, readonly Value[]>>;
}

/** The counts of an input. */
export interface InputStatus {
  readonly messages: number;
  readonly samples: number;
  readonly badLines: number;
}

/** The counts of an output. */
export interface OutputStatus {
  readonly name: string;
  readonly recorded: number;
  readonly sent: number;
  readonly errors: number;
  readonly dropped: number;
  /** The number of distinct metrics that the output holds, and the most that it may. Absent if the output holds none. */
  readonly held?: number;
  readonly maxMetrics?: number;
  /** The bytes that wait for a store that is away. */
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
  /** The share of the clients' samples that they didn't drop, in per cent. Null while no client reports. */
  readonly completeness: { readonly percent: Value; readonly clients: number };
  readonly outputs: readonly OutputStatus[];
  readonly history: {
    /** The places in use, and the most. A timer, a histogram and a total of several take two each. */
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
  /** The numbers of series that were removed. */
  readonly gone: readonly number[];
  /** `[id, …now]` of series that may have changed. */
  readonly now: readonly (readonly Value[])[];
  /**
   * `[id, …values]` of the step that has ended since the last tick. Absent if no step has ended. A series that isn't listed had
   * no samples, so a gauge keeps its value.
   */
  readonly ended?: readonly (readonly Value[])[];
}

/** A client's report about itself. Counts are of samples since its start. */
export interface ClientItem {
  /** The id of the client. It is unique, even among the clients of one process. */
  readonly id: string;
  /** Empty for none. */
  readonly service: string;
  readonly instance: string;
  readonly host: string;
  readonly pid: number;
  /** The number of its worker thread. 0 is the main thread. */
  readonly thread: number;
  /** The times of its first and its last report, in ms since 1970. A client that records nothing sends no reports. */
  readonly first: number;
  readonly last: number;
  readonly recorded: number;
  readonly sent: number;
  readonly pending: number;
  readonly dropped: number;
  readonly rejected: number;
  /** The client's latest warnings, for instance about a refused name. */
  readonly warnings: readonly string[];
  /** The client's findings in its app's code. */
  readonly findings: readonly FindingItem[];
}

/** Something in an app's code that is worth a look. */
export interface FindingItem {
  /**
   * `growth`: the tags of a metric get more and more values. `calls`: a call ran often in one request. `blocking`: the place of a
   * function whose hold on the event loop is measured. Newer clients may have more kinds.
   */
  readonly kind: string;
  /** The metric. For `calls`, it is the timer of the call. */
  readonly metric: string;
  /** The route, for `calls`. Else empty. */
  readonly route: string;
  readonly text: string;
  /** The file, line and column. Empty if they aren't known. */
  readonly place: string;
}

/** The answer of `/api/v1/clients`. */
export interface ClientList {
  readonly version: number;
  readonly run: string;
  readonly clients: readonly ClientItem[];
}
