import type { Followed, Outcome, Watch } from './watch.js';

/** The runs that wait for one promise to be settled. */
export class Settling<Run> implements Followed<Run> {
  standIn: object;
  readonly #watch: Watch<Run>;
  #waiting: Run[];
  #end: { readonly outcome: Outcome; readonly value: unknown } | undefined;

  constructor(promise: object, runs: readonly Run[], watch: Watch<Run>) {
    this.standIn = promise;
    this.#watch = watch;
    this.#waiting = [...runs];
  }

  join(run: Run): void {
    if (this.#end === undefined) this.#waiting.push(run);
    else this.#watch.end(run, this.#end.outcome, this.#end.value);
  }

  settle(outcome: 'failure' | 'success', value: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = { outcome, value };
    for (const run of this.#waiting) this.#watch.end(run, outcome, value);
    this.#waiting = [];
  }
}
