import { Counted, Gauge, Timed } from '@afstatsd/decorators';

export interface Mail {
  readonly to: string;
  readonly kind: 'receipt' | 'newsletter';
  readonly text: string;
}

/** Sends mail one by one, in the order in which it was queued. */
export class Mailer {
  readonly #outbox: Mail[] = [];
  readonly #transmit: (mail: Mail) => Promise<void>;

  constructor(transmit: (mail: Mail) => Promise<void>) {
    this.#transmit = transmit;
  }

  /** Read at each flush, of each mailer that is alive; by default the sum is sent. */
  @Gauge('mail.waiting', { poll: true })
  get waiting(): number {
    return this.#outbox.length;
  }

  /** Counted when it is called. The tag comes from the argument, and has few values. */
  @Counted('mail.queued', { tags: (_self: Mailer, [mail]: [Mail]) => ({ kind: mail.kind }) })
  queue(mail: Mail): void {
    this.#outbox.push(mail);
  }

  /** Sends what waits, and returns how many mails could not be delivered. */
  async sendAll(): Promise<number> {
    let failed = 0;
    for (let mail = this.#outbox.shift(); mail !== undefined; mail = this.#outbox.shift()) {
      try {
        await this.#deliver(mail);
      } catch {
        failed++;
      }
    }
    return failed;
  }

  /** Timed until its promise is settled, whatever comes of it; a rejection is counted in `mail.delivery.errors`, too. */
  @Timed('mail.delivery')
  @Counted('mail.delivered', { on: 'success' })
  @Gauge('mail.delivering', { inFlight: true })
  async #deliver(mail: Mail): Promise<void> {
    if (!mail.to.includes('@')) throw new Error(`no address: ${mail.to}`);
    await this.#transmit(mail);
  }
}
