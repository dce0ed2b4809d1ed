import type { Report } from '../account/report.js';
import type { Channel, OpenOptions, Transport, TransportStats } from '../transport/transport.js';

/** The transport in use. It logs one line at each change of the transport's state, and none per message. */
export class TransportWatch {
  #transport: Transport;
  readonly #report: Report;
  #channel: Channel | undefined;
  #told: string | undefined;
  #isOpen = false;
  #isUnavailable = false;
  /** Whether it is too early to warn that nobody is there. */
  isPatient = false;

  constructor(transport: Transport, report: Report) {
    this.#transport = transport;
    this.#report = report;
  }

  get transport(): Transport {
    return this.#transport;
  }

  /** Whether the last logged state was open. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether the last `open` found nobody. */
  get isUnavailable(): boolean {
    return this.#isUnavailable;
  }

  replace(transport: Transport): void {
    if (transport === this.#transport) return;
    this.close();
    this.#transport = transport;
  }

  /** Opens or checks the transport. A transport that throws counts as unavailable. */
  open(options?: OpenOptions): Channel | undefined {
    const before = this.#channel;
    try {
      this.#channel = this.#transport.open(options) ?? undefined; // a foreign transport may return null
    } catch (error) {
      this.#channel = undefined;
      this.#report.transportFailed(error);
    }
    this.#isUnavailable = this.#channel === undefined;
    if (this.#channel === undefined || this.#channel !== before) this.tell();
    return this.#channel;
  }

  /** Time between flushes that suits the receiver, in ms, as far as the transport knows. */
  interval(): number | undefined {
    try {
      const ms: unknown = this.#transport.interval?.();
      return typeof ms === 'number' && ms >= 1 ? ms : undefined;
    } catch (error) {
      this.#report.transportFailed(error);
      return undefined;
    }
  }

  close(): void {
    this.#channel = undefined;
    this.#isUnavailable = false;
    try {
      this.#transport.close();
    } catch (error) {
      this.#report.transportFailed(error);
    }
  }

  stats(): TransportStats {
    try {
      return this.#transport.stats();
    } catch (error) {
      return { state: 'unavailable', detail: (error as Error).message, messages: 0, bytes: 0, full: 0 };
    }
  }

  /** Logs the transport's state if it has changed. */
  tell(): void {
    const { state, detail, degraded } = this.stats();
    const now = `${state} ${detail}`;
    // At the end of the process nothing stays pending, and another line warns about the loss.
    const isLeftOut = this.isPatient || this.#report.exiting;
    if (now === this.#told || (state === 'unavailable' && isLeftOut)) return;
    this.#told = now;
    this.#isOpen = state === 'open';
    if (state === 'unavailable')
      this.#report.warn(`${detail}. Metrics stay pending, and each flush tries again`);
    else if (degraded === true) this.#report.warn(`sending to ${detail}`);
    else if (state === 'open') this.#report.info(`sending to ${detail}`);
  }
}
