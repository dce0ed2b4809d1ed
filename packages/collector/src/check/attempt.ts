/** The result of trying a part of the configuration. */
export interface Attempt {
  /** The name of the part, for people: `UDP 127.0.0.1:8125`. */
  readonly part: string;
  /**
   * `ok`, or one of three problems. `in use`: a running collector has the part, as it should be before a reload. `away`: a server
   * can't be reached now, but is tried again while the collector runs. `failed`: the collector wouldn't start.
   */
  readonly result: 'ok' | 'in use' | 'away' | 'failed';
  readonly detail?: string;
}
