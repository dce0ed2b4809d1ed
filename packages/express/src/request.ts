import type { IncomingMessage } from 'node:http';

/** What this needs of an Express application, 4 or 5. */
export interface Application {
  /** The prototypes of its requests and responses. */
  readonly request: object;
  readonly response: object;
  enabled(setting: string): boolean;
}

/** What this needs of a request of Express. */
export interface ExpressRequest extends IncomingMessage {
  readonly app: Application;
  readonly params?: Readonly<Record<string, unknown>>;
  /** What the client wrote; `url` is without the mounts. */
  readonly originalUrl?: string;
  baseUrl?: string | undefined;
  readonly route?: { readonly path?: unknown } | undefined;
}
