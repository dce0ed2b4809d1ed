import type { Logger } from '@afstatsd/core';

/** Tells people whether something works: one line when it fails, one when it works again, and none in between. */
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
      this.#tell('warn', `${this.#name} fails: ${why}; it is tried again, and nothing is lost`);
    this.#fails = true;
  }

  worked(): void {
    if (this.#fails) this.#tell('info', `${this.#name} works again`);
    this.#fails = false;
  }

  #tell(level: 'warn' | 'info', line: string): void {
    try {
      if (level === 'warn' && this.#logger?.warn === undefined) this.#logger?.warning?.(line);
      else this.#logger?.[level]?.(line);
    } catch {
      // A logger that fails can't be told so.
    }
  }
}
