import type { StatsdClient } from '../index.js';

/** How many requests are being answered, as gauges that are read at each flush. */
export class InFlight {
  #now = 0;
  #most = 0;

  constructor(statsd: StatsdClient, name: string) {
    statsd.gauge(name, () => this.#now);
    statsd.gauge(`${name}.max`, () => {
      const most = this.#most;
      this.#most = this.#now;
      return most;
    });
  }

  enter(): void {
    this.#now++;
    if (this.#now > this.#most) this.#most = this.#now;
  }

  leave(): void {
    this.#now--;
  }
}

const all = new WeakMap<StatsdClient, Map<string, InFlight>>();

/** The count of a client under a name. All middleware of the client shares it. */
export function inFlightOf(statsd: StatsdClient, name: string): InFlight {
  let ofClient = all.get(statsd);
  if (ofClient === undefined) all.set(statsd, (ofClient = new Map()));
  let inFlight = ofClient.get(name);
  if (inFlight === undefined) ofClient.set(name, (inFlight = new InFlight(statsd, name)));
  return inFlight;
}
