import { type Channel, type Transport } from '@afstatsd/core';
import { ownText } from '@afstatsd/core/instrument';
import type { Log } from '../../log.js';
import { OnceAMinute } from '../../once-a-minute.js';

/** The most events that wait for a server, and the most characters of them. Past either limit, the oldest events are given up. */
const MAX_WAITING = 1_000;
const MAX_WAITING_LENGTH = 1_000_000;
/** The wait for room, and the wait for a server that is away, in ms. */
const FULL_MS = 10;
const AWAY_MS = 1_000;

/** Passes DogStatsD's events and service checks on. Each is a message of its own, and unchanged. */
export class EventRelay {
  readonly counts = { sent: 0, lost: 0 };
  readonly #name: string;
  readonly #transport: Transport;
  readonly #log: Log;
  #waiting: string[] = [];
  #waitingLength = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #said = new OnceAMinute();
  /** Called when no event waits any more, or the server is away. */
  #settle: () => void = () => {};

  /** @param transport - not shared with metrics, so that metrics and events don't wait for each other. */
  constructor({ name, transport, log }: { name: string; transport: Transport; log: Log }) {
    this.#name = name;
    this.#transport = transport;
    this.#log = log;
  }

  add(line: string): void {
    this.#waiting.push(ownText(line)); // a copy, so that the message's memory can be freed
    this.#waitingLength += line.length;
    while (this.#waiting.length > MAX_WAITING || this.#waitingLength > MAX_WAITING_LENGTH) {
      this.#shift();
      this.#lose(`more than ${MAX_WAITING} events wait`);
    }
    if (this.#timer === undefined) this.#send();
  }

  /** Sends the waiting events, and ends. Stops after `timeout` ms, or once the server is away. */
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

  /** Sends the oldest event. Returns whether the next one can be sent at once. */
  #sendOne(channel: Channel): boolean {
    // Only a server with DogStatsD gets events, because another server would take them for bad lines.
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
