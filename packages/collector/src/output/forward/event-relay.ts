import { type Channel, type Transport } from '@afstatsd/core';
import { ownText } from '@afstatsd/core/instrument';
import type { Log } from '../../log.js';
import { OnceAMinute } from '../../once-a-minute.js';

/** Events that wait for a server that is away or busy. Past either, the oldest are given up. */
const MAX_WAITING = 1_000;
const MAX_WAITING_LENGTH = 1_000_000;
/** How long to wait for room, and for a server that is away, in ms. */
const FULL_MS = 10;
const AWAY_MS = 1_000;

/** Passes events and service checks of DogStatsD's on, each in a message of its own and as it stood. */
export class EventRelay {
  readonly counts = { sent: 0, lost: 0 };
  readonly #name: string;
  readonly #transport: Transport;
  readonly #log: Log;
  #waiting: string[] = [];
  #waitingLength = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #said = new OnceAMinute();
  /** Called when nothing waits any more, or the server is away. */
  #settle: () => void = () => {};

  /** @param transport - of its own, so that metrics and events don't wait for each other. */
  constructor({ name, transport, log }: { name: string; transport: Transport; log: Log }) {
    this.#name = name;
    this.#transport = transport;
    this.#log = log;
  }

  add(line: string): void {
    this.#waiting.push(ownText(line)); // it shares no memory with the message
    this.#waitingLength += line.length;
    while (this.#waiting.length > MAX_WAITING || this.#waitingLength > MAX_WAITING_LENGTH) {
      this.#shift();
      this.#lose(`more than ${MAX_WAITING} events wait`);
    }
    if (this.#timer === undefined) this.#send();
  }

  /** Sends what waits, and ends: for at most so many ms, or until the server is seen to be away. */
  async close(timeout: number): Promise<void> {
    clearTimeout(this.#timer);
    await new Promise<void>((resolve) => {
      const cut = setTimeout(resolve, timeout);
      this.#settle = () => {
        clearTimeout(cut);
        resolve();
      };
      this.#send();
    });
    clearTimeout(this.#timer);
    this.#settle = () => {};
    this.counts.lost += this.#waiting.splice(0).length;
    this.#transport.close();
  }

  #send(): void {
    this.#timer = undefined;
    while (this.#waiting.length > 0) {
      const channel = this.#transport.open();
      if (channel === undefined) {
        this.#settle();
        this.#again(AWAY_MS);
        return;
      }
      const wait = channel.wait?.() ?? 0;
      if (wait > 0) {
        this.#again(wait);
        return;
      }
      if (!this.#sendOne(channel)) return;
    }
    this.#settle();
  }

  /** Returns whether to go on at once. */
  #sendOne(channel: Channel): boolean {
    // A server without DogStatsD would take it for a bad line.
    const state = channel.readsEvents?.() === true ? channel.sendEvent?.(this.#waiting[0]!) : undefined;
    if (state === 'full') {
      this.#again(FULL_MS);
      return false;
    }
    if (state === 'unavailable') {
      this.#settle();
      this.#again(AWAY_MS);
      return false;
    }
    this.#shift();
    if (state === 'ok') this.counts.sent++;
    else if (state === 'oversize') this.#lose('one is longer than 8192 bytes');
    return true;
  }

  #shift(): void {
    this.#waitingLength -= this.#waiting.shift()!.length;
  }

  #lose(why: string): void {
    this.counts.lost++;
    if (this.#said.first(why)) this.#log.warn(`${this.#name}: events of DogStatsD are lost: ${why}`);
  }

  #again(ms: number): void {
    this.#timer ??= setTimeout(() => this.#send(), ms).unref();
  }
}
