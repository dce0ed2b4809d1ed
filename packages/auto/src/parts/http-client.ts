/**
 * Records outgoing requests of `node:http` and `node:https`, by Node's diagnostics channels.
 *
 * @module
 */
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { now } from '@afstatsd/core/instrument';
import { recordOutgoing } from '../outgoing.js';
import { Part } from '../part.js';

interface Told {
  readonly request: ClientRequest & { readonly socketPath?: string };
  /** The response once its headers have come. Absent if the request failed before. */
  readonly response?: IncomingMessage;
}

const part = new Part('http-client');
const begun = new WeakMap<ClientRequest, number>();

const end = part.guarded((told: unknown) => {
  const { request, response } = told as Told;
  const start = begun.get(request);
  if (start === undefined) return;
  begun.delete(request);
  const { method, host, socketPath } = request;
  const status = response?.statusCode;
  recordOutgoing({ method, host: socketPath ? 'unix' : host, status, ms: now() - start });
});

subscribe(
  'http.client.request.start',
  part.guarded((told: unknown) => void begun.set((told as Told).request, now())),
);
subscribe('http.client.response.finish', end);
subscribe('http.client.request.error', end);

/** Records nothing more of outgoing requests of `node:http`. */
export const stopHttpClient: () => void = part.stop;
