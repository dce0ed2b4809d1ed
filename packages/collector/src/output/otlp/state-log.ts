import type { Logger } from '@afstatsd/core';
import { logTo } from '@afstatsd/core/instrument';

/** Logs one line when something fails, and one when it works again. Further failures in between aren't logged. */
export class StateLog {
  readonly #name: string;
  readonly #logger: Logger | undefined;
  #fails = false;

  constructor(name: string, logger: Logger | undefined) {
    this.#name = name;
    this.#logger = logger;
  }

  failed(why: string): void {
    if (!this.#fails)
      logTo(this.#logger, 'warn', `${this.#name} fails: ${why}; it is tried again, and nothing is lost`);
    this.#fails = true;
  }

  worked(): void {
    if (this.#fails) logTo(this.#logger, 'info', `${this.#name} works again`);
    this.#fails = false;
  }
}
