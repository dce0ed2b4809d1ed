import { type BoundTimer, Statsd } from '@afstatsd/core';
import { Bounded } from './bounded.js';

/** How an operation ended. */
export type Outcome = 'failure' | 'success';

/** Names of operations that are told apart for each system. */
const MOST_OPERATIONS = 200;

/** The timer `db.client.operation` of one database system. */
export class Operations {
  readonly #system: string;
  readonly #names = new Bounded(MOST_OPERATIONS);
  readonly #timers: Readonly<Record<Outcome, Map<string, BoundTimer>>> = {
    success: new Map(),
    failure: new Map(),
  };

  /** @param system - by OpenTelemetry's name, such as `postgresql`. */
  constructor(system: string) {
    this.#system = system;
  }

  /**
   * An operation is over.
   *
   * @param operation - such as `select`; never a statement.
   * @param ms - how long it took.
   */
  ended(operation: string, outcome: Outcome, ms: number): void {
    const timers = this.#timers[outcome];
    let timer = timers.get(operation);
    if (timer === undefined) {
      const name = this.#names.of(operation);
      timer = timers.get(name);
      if (timer === undefined) {
        const tags = { system: this.#system, operation: name, outcome };
        timers.set(name, (timer = Statsd.createTimer('db.client.operation', { tags })));
      }
    }
    timer.record(ms);
  }
}
