import type { LookupAddress } from 'node:dns';
import { loadDns, loadNet } from '../host/builtin.js';
import { NextTry, RETRY_MS } from '../retry/next-try.js';

/** How long an address is used before it is looked up again, in ms. */
const FRESH_MS = 60_000;
const LOCALHOST = '127.0.0.1';

/**
 * The address of a host. An IP address is used as it is, and `localhost` is 127.0.0.1. A name is looked up in the background, at
 * the first use and again each minute. If a look-up fails, the last address stays.
 */
export class HostAddress {
  readonly #host: string;
  #address: LookupAddress | undefined;
  #error: Error | undefined;
  #looking = false;
  readonly #nextTry = new NextTry();

  constructor(host: string) {
    this.#host = host;
    const literal = host === 'localhost' ? LOCALHOST : host;
    const family = literal === LOCALHOST ? 4 : loadNet().isIP(literal);
    if (family !== 0) {
      this.#address = { address: literal, family };
      this.#nextTry.in(Infinity);
    }
  }

  /**
   * The last address that was found. Undefined before the first.
   *
   * @param look - whether to begin a look-up if one is due. Node keeps a process alive during a look-up.
   */
  current(look: boolean): LookupAddress | undefined {
    if (look && !this.#looking && this.#nextTry.isDue) this.#look();
    return this.#address;
  }

  get looking(): boolean {
    return this.#looking;
  }

  /** Why the last look-up failed. */
  get error(): Error | undefined {
    return this.#error;
  }

  #look(): void {
    this.#looking = true;
    loadDns().lookup(this.#host, (error, address, family) => {
      this.#looking = false;
      this.#error = error ?? undefined;
      if (error === null) this.#address = { address, family };
      this.#nextTry.in(error === null ? FRESH_MS : RETRY_MS.lookup);
    });
  }
}
