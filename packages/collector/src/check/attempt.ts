/** The result of trying a part of the configuration. */
export interface Attempt {
  /** The part, for people: `UDP 127.0.0.1:8125`. */
  readonly part: string;
  /**
   * `ok`; `in use` by a collector that runs already, which is as it should be before a reload; `away`: a server that can't be
   * reached now, and that is tried again while the collector runs; `failed`: the collector wouldn't start.
   */
  readonly result: 'ok' | 'in use' | 'away' | 'failed';
  readonly detail?: string;
}
