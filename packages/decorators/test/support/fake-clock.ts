import path from 'node:path';

/** The module that all packages have their clock from. It is none of core's doors, so it is looked for beside one. */
const clock = require(path.join(path.dirname(require.resolve('@afstatsd/core')), 'host/clock.js')) as {
  now: () => number;
};

/** The clock of core and of its packages, and of nothing else, under the control of a test. */
export class FakeClock {
  now = 1_000;
  readonly #real = clock.now;

  constructor() {
    clock.now = () => this.now;
  }

  restore(): void {
    clock.now = this.#real;
  }
}
