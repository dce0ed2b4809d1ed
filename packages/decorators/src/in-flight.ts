import { MemberWatch } from './member-watch.js';

/** Counts how many calls are running; the gauge is read at each flush, from the first call on. */
export class InFlightWatch extends MemberWatch<undefined> {
  #running = 0;
  #isRead = false;

  begin(self: unknown): undefined {
    if (this.name === undefined) this.findName(self);
    if (!this.#isRead && this.name !== undefined) {
      this.#isRead = true;
      this.readAtFlush(this.name, () => this.#running);
    }
    this.#running++;
  }

  again(): undefined {
    this.#running++;
  }

  end(): void {
    this.#running--;
  }
}
