import type { ClientItem, ClientList } from '../src/live/api.js';
import { getJson } from './connection.js';

/** The clients that the collector knows. Views ask for them when they draw, one request at a time. */
export class KnownClients {
  /** Undefined until the first answer. */
  list: readonly ClientItem[] | undefined;
  readonly #changed: () => void;
  #isAsking = false;

  /** @param changed - Called after each answer. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  async ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      ({ clients: this.list } = await getJson<ClientList>('/api/v1/clients'));
      this.#changed();
    } catch {
      // The header says that the connection is lost, and the last list stays.
    } finally {
      this.#isAsking = false;
    }
  }
}
