/** `performance.now` under the control of a test. */
export class FakeClock {
  now = 1_000;
  readonly #real = Object.getOwnPropertyDescriptor(performance, 'now');

  constructor() {
    Object.defineProperty(performance, 'now', { value: () => this.now, configurable: true, writable: true });
  }

  restore(): void {
    if (this.#real === undefined) delete (performance as { now?: unknown }).now;
    else Object.defineProperty(performance, 'now', this.#real);
  }
}
