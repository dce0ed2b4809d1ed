import type { Later } from '../cleanup.js';
import type { RequirementName } from '../requirements.js';

/** How many values a timer had, and their sum in ms; the least and the greatest where the server tells them here. */
export interface TimerReading {
  readonly count: number;
  readonly sum: number;
  readonly min?: number;
  readonly max?: number;
}

/** What a server has read so far. */
export interface Reading {
  readonly counters: ReadonlyMap<string, number>;
  readonly gauges: ReadonlyMap<string, number>;
  readonly timers: ReadonlyMap<string, TimerReading>;
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

/** A server of others that tests start. */
export interface ServerKind<Options, Server extends StatsdServer> {
  readonly name: string;
  /** What it needs that a machine may lack. */
  readonly needs?: RequirementName;
  /** @param later - ends it, and whatever was started for it. */
  readonly start: (later: Later, options?: Options) => Promise<Server>;
}
