import type { Socket } from 'node:dgram';
import { getSystemErrorName } from 'node:util';
import { RUNTIME } from '../host/runtime.js';

interface Handle {
  readonly fd?: unknown;
  /** Returns 0, or the number of an error. */
  readonly connect?: (address: string, port: number) => number;
}

/**
 * The internal handle of a socket. It has no public name: `_handle` is deprecated, and Node.js 26 doesn't have it. Undefined on a
 * runtime that hides it.
 */
function handleOf(socket: Socket): Handle | undefined {
  const state = Object.getOwnPropertySymbols(socket).find(
    ({ description }) => description === 'state symbol',
  );
  if (state === undefined) return (socket as { _handle?: Handle })._handle;
  return (socket as unknown as Record<symbol, { handle?: Handle } | undefined>)[state]?.handle;
}

/** The descriptor of the socket. Undefined before the socket has one, and on a runtime that hides it, such as Bun and Deno. */
export function descriptorOf(socket: Socket): number | undefined {
  if (RUNTIME !== 'node') return undefined;
  const fd = handleOf(socket)?.fd;
  return typeof fd === 'number' && fd >= 0 ? fd : undefined;
}

/**
 * The reason why a socket couldn't be connected. Its error event has the same text in the next turn of the event loop, but that
 * turn doesn't come at the end of the process.
 */
export function connectFailure(socket: Socket, port: number, address: string): string {
  const error = handleOf(socket)?.connect?.(address, port) ?? 0;
  const reason = error < 0 ? ` ${getSystemErrorName(error)}` : '';
  return `connect${reason} ${address}:${port}`;
}
