import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcpServer, isIPv6 } from 'node:net';
import { probeAnswer } from '@afstatsd/core';
import { type Address, describeAddress } from '../config/address.js';
import { type ListenAddress, resolve } from '../input/listen-address.js';
import { explain, isMissing } from '../input/listen-failure.js';
import type { Attempt } from './attempt.js';

/** The longest wait for the answer of a running collector, in ms. It is long, because the collector may be busy. */
const ANSWER_MS = 5_000;
const RUNS = 'a collector that runs has this port';

/** Tries to listen on the addresses of an input. */
export async function tryInputs(protocol: 'UDP' | 'TCP', asked: readonly Address[]): Promise<Attempt[]> {
  try {
    const addresses = await resolve(asked, (error, address) => explain(error, protocol, address));
    return await Promise.all(addresses.map((address) => tryInput(protocol, address)));
  } catch (error) {
    return [{ part: protocol, result: 'failed', detail: (error as Error).message }];
  }
}

async function tryInput(
  protocol: 'UDP' | 'TCP',
  { shown, address: host, port, isOptional }: ListenAddress,
): Promise<Attempt> {
  const part = `${protocol} ${describeAddress(shown)}`;
  try {
    await (protocol === 'UDP' ? listenOnUdp({ host, port }) : listenOnTcp({ host, port }));
    return { part, result: 'ok' };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (isOptional && isMissing(code))
      return { part, result: 'ok', detail: 'left out, because this machine has no such address' };
    // Only UDP is probed, because a collector never answers over TCP.
    if (code === 'EADDRINUSE' && protocol === 'UDP' && (await answersProbe({ host, port })))
      return { part, result: 'in use', detail: RUNS };
    return { part, result: 'failed', detail: message };
  }
}

async function listenOnUdp({ host, port }: Address): Promise<void> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  try {
    socket.bind({ port, address: host, exclusive: true });
    await once(socket, 'listening');
  } finally {
    socket.close();
  }
}

async function listenOnTcp({ host, port }: Address): Promise<void> {
  const server = createTcpServer();
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } finally {
    server.close();
  }
}

/** Whether our collector listens there. Only our collector answers an empty datagram. */
async function answersProbe({ host, port }: Address): Promise<boolean> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  socket.on('error', () => {});
  try {
    const answer = once(socket, 'message', { signal: AbortSignal.timeout(ANSWER_MS) });
    socket.send('', port, reachable(host));
    const [bytes] = (await answer) as [Buffer];
    return beginningOf(bytes) === beginningOf(probeAnswer(1_000));
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

/** The name in an answer. The answer is a metric whose value is the interval for clients. */
function beginningOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1').split(':', 1)[0]!;
}

/** Tries to listen on a TCP port, for an output that serves HTTP. */
export async function tryServer(name: string, address: Address): Promise<Attempt> {
  const part = `${name} ${describeAddress(address)}`;
  const server = createServer();
  try {
    server.listen({ host: address.host, port: address.port });
    await once(server, 'listening');
    return { part, result: 'ok' };
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    if (isTaken && (await answersHealth(address))) return { part, result: 'in use', detail: RUNS };
    return { part, result: 'failed', detail: (error as Error).message };
  } finally {
    server.close();
  }
}

async function answersHealth({ host, port }: Address): Promise<boolean> {
  try {
    const url = `http://${describeAddress({ host: reachable(host), port })}/healthz`;
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    return response.ok && (await response.text()) === 'ok\n';
  } catch {
    return false;
  }
}

/** An address that reaches a server. For a server that listens on all addresses, this is loopback. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}
