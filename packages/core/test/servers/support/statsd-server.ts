/** What a server has read so far. */
export interface Reading {
  readonly counters: ReadonlyMap<string, number>;
  readonly gauges: ReadonlyMap<string, number>;
  /** How many values each timer had, and their sum in ms. */
  readonly timers: ReadonlyMap<string, { readonly count: number; readonly sum: number }>;
  /** How many members each set had. */
  readonly sets: ReadonlyMap<string, number>;
}

/** A real StatsD server, which a test has started on 127.0.0.1. */
export interface StatsdServer {
  readonly port: number;
  read(): Promise<Reading>;
  /** Ends it at once, as a crash would. It is done after the test, too. */
  stop(): Promise<void>;
}
