import { Statsd } from '@afstatsd/core';
import { describe } from '@afstatsd/core/instrument';

/**
 * Something that is recorded without a change of the app: a library, or a part of Node. None of its failures reaches the app. Each
 * kind of failure is said once.
 */
export class Part {
  /** As `AFSTATSD_AUTO` names it. */
  readonly name: string;
  #isOn = true;

  constructor(name: string) {
    this.name = name;
  }

  /** False after `stop`. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** Records nothing from now on. */
  readonly stop = (): void => {
    this.#isOn = false;
  };

  /** Wraps a function, such as the subscriber of a channel. The wrapper never throws, and does nothing after `stop`. */
  guarded<A extends readonly unknown[]>(run: (...args: A) => void): (...args: A) => void {
    return (...args) => {
      if (!this.#isOn) return;
      try {
        run(...args);
      } catch (error) {
        this.failed(error);
      }
    };
  }

  /** Says that something of this part has thrown. */
  failed(error: unknown): void {
    this.warnOnce('failed', () => `threw ${describe(String(error))}, and the app went on`);
  }

  /**
   * Says something about this part.
   *
   * @param kind - the kind of warning. Only the first warning of a kind is written.
   */
  warnOnce(kind: string, text: () => string): void {
    Statsd.warnOnce(`auto ${this.name} ${kind}`, () => `@afstatsd/auto/${this.name}: ${text()}`);
  }
}
