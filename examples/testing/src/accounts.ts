import { Statsd, type StatsdClient } from '@afstatsd/core';

export type Plan = 'free' | 'pro';

/** Accounts, by user name. A test gives it a client of its own. */
export class Accounts {
  readonly #plans: Map<string, Plan> = new Map();
  readonly #statsd: StatsdClient;

  constructor(statsd: StatsdClient = Statsd) {
    this.#statsd = statsd.child({ prefix: 'accounts' });
  }

  /** Makes an account, unless the name is taken. */
  signUp(name: string, plan: Plan): boolean {
    if (this.#plans.has(name)) {
      this.#statsd.increment('refused', { tags: { reason: 'taken' } });
      return false;
    }
    this.#plans.set(name, plan);
    this.#statsd.increment('sign_ups', { tags: { plan } });
    this.#statsd.gauge('total', this.#plans.size);
    return true;
  }

  /** Notes who was logged in, and for how long, in ms. */
  logOut(name: string, session: number): void {
    this.#statsd.set('active', name);
    this.#statsd.timing('session', session);
  }
}
