import type { Taken } from './page-transport.js';

/** Marks this package's messages among those of the app. The number changes only if the messages get incompatible. */
const MARK = 'afstatsd.prometheus.1';

/** From a worker to the primary. */
export type FromWorker =
  | { readonly type: 'hello' }
  | ({ readonly type: 'metrics' } & Taken)
  | { readonly type: 'flushed'; readonly id: number }
  | {
      readonly type: 'page';
      readonly id: number;
      readonly method: string;
      readonly address: string;
      readonly headers: Readonly<Record<string, string>>;
    };

/** From the primary to a worker. */
export type FromPrimary =
  | { readonly type: 'flush'; readonly id: number }
  | {
      readonly type: 'page';
      readonly id: number;
      readonly headers: Readonly<Record<string, string>>;
      /** The page in base64, because messages between processes are JSON. */
      readonly body: string;
    }
  | {
      readonly type: 'failed';
      /** The number of the request for the page. */
      readonly id: number;
      readonly text: string;
    };

/** A message as it is sent. */
export function marked(message: FromWorker | FromPrimary): object {
  return { [MARK]: message };
}

/** The message of this package in a value. Undefined for a message of the app. */
export function readMarked(message: unknown): object | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  return (message as { readonly [MARK]?: object })[MARK];
}
