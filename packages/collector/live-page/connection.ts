import type { Hello, MetricList, Tick } from '../src/live/api.js';

/** Between two tries to connect, in ms. */
const SHORTEST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 5_000;
/** A page that nobody sees lets go of its stream then, so that clients send less often again. In ms. */
const HIDDEN_MS = 30_000;
/** Without an event for so long, the connection counts as lost. A tick comes each second. */
const SILENCE_MS = 10_000;

export type ConnectionState = 'connecting' | 'live' | 'lost' | 'hidden';

/** Who is told. */
export interface Listener {
  /** Everything is here, at first and after each pause or loss. */
  readonly onList: (list: MetricList, hello: Hello) => void;
  readonly onTick: (tick: Tick) => void;
  readonly onState: (state: ConnectionState) => void;
}

/** An answer of the collector's. @throws Error with the collector's own text, or the browser's. */
export async function getJson<T>(path: string): Promise<T> {
  const response = await fetch(path);
  const answer = (await response.json()) as T & { readonly error?: string };
  if (!response.ok) throw new Error(answer.error ?? `the collector answered ${response.status}`);
  return answer;
}

/** The stream of events, which is opened again whenever it ends. */
export class Connection {
  readonly #listener: Listener;
  #source: EventSource | undefined;
  #retryMs = SHORTEST_RETRY_MS;
  #retry = 0;
  #hiding = 0;
  #silence = 0;
  /** Ticks that have come while the list is under way. */
  #early: Tick[] | undefined;

  constructor(listener: Listener) {
    this.#listener = listener;
    document.addEventListener('visibilitychange', () => this.#seen());
  }

  open(): void {
    this.close();
    const source = new EventSource('/api/v1/stream');
    this.#source = source;
    source.addEventListener(
      'hello',
      (event) => void this.#load(source, JSON.parse(event.data as string) as Hello),
    );
    source.addEventListener('resync', () => this.open());
    source.addEventListener('tick', (event) => this.#take(JSON.parse(event.data as string) as Tick));
    source.addEventListener('error', () => this.#lost());
    this.#watch();
  }

  close(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    this.#source?.close();
    this.#source = undefined;
  }

  async #load(source: EventSource, hello: Hello): Promise<void> {
    this.#early = [];
    try {
      const list = await getJson<MetricList>('/api/v1/metrics');
      if (source !== this.#source) return;
      this.#retryMs = SHORTEST_RETRY_MS;
      this.#listener.onList(list, hello);
      this.#listener.onState('live');
      const early = this.#early;
      this.#early = undefined;
      for (const tick of early) this.#listener.onTick(tick);
    } catch {
      if (source === this.#source) this.#lost();
    }
  }

  #take(tick: Tick): void {
    this.#watch();
    if (this.#early === undefined) this.#listener.onTick(tick);
    else this.#early.push(tick);
  }

  #watch(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#lost(), SILENCE_MS);
  }

  #lost(): void {
    this.close();
    this.#listener.onState('lost');
    this.#retry = setTimeout(() => this.open(), this.#retryMs);
    this.#retryMs = Math.min(LONGEST_RETRY_MS, this.#retryMs * 2);
  }

  #seen(): void {
    clearTimeout(this.#hiding);
    if (document.visibilityState === 'visible') {
      if (this.#source === undefined) this.open();
      return;
    }
    this.#hiding = setTimeout(() => {
      this.close();
      this.#listener.onState('hidden');
    }, HIDDEN_MS);
  }
}
