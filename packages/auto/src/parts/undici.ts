/**
 * Records outgoing requests of `fetch` and `undici`, by their diagnostics channels.
 *
 * @module
 */
import { subscribe } from 'node:diagnostics_channel';
import { now } from '@afstatsd/core/instrument';
import { recordOutgoing } from '../outgoing.js';
import { Part } from '../part.js';

interface Told {
  readonly request: { readonly method?: unknown; readonly origin?: unknown };
  readonly response?: { readonly statusCode?: number };
}

/** The host of an origin, in brackets if that is an address of IPv6. */
const HOST = /^[a-z]+:\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:]*)/i;

const part = new Part('undici');
const begun = new WeakMap<object, number>();

const end = part.guarded((told: unknown) => {
  const { request, response } = told as Told;
  const start = begun.get(request);
  if (start === undefined || isInformational(response?.statusCode)) return;
  begun.delete(request);
  const host = HOST.exec(String(request.origin))?.[1];
  recordOutgoing({ method: request.method, host, status: response?.statusCode, ms: now() - start });
});

/** Whether the status, such as 103, announces an answer whose headers come later. 101 doesn't: an upgrade is the answer. */
function isInformational(status = 0): boolean {
  return status >= 100 && status < 200 && status !== 101;
}

subscribe(
  'undici:request:create',
  part.guarded((told: unknown) => void begun.set((told as Told).request, now())),
);
subscribe('undici:request:headers', end);
// Also published if the content of an answer breaks off. That request was recorded when its headers came.
subscribe('undici:request:error', end);

/** Records nothing more of `fetch` and `undici`. */
export const stopUndici: () => void = part.stop;
