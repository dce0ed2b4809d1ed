import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Statsd, type Stats } from '@afstatsd/core';

/** What a service tells the demo. */
export type ServiceMessage = { readonly url: string } | { readonly ledgers: readonly Stats[] };

/** Connections that nobody uses stay longer than visitors are away, in ms: none ends just when somebody uses it again. */
const KEEP_ALIVE = 120_000;
/** How long answers that have begun may take when the service ends, in ms. */
const LAST_ANSWERS = 5_000;
/** How long the last flush may wait for a slow collector, in ms. */
const LAST_FLUSH = 30_000;

/**
 * Listens on 127.0.0.1, on PORT or any free port, until it is told to end: by a signal, or by the demo, which closes the channel
 * to it. Then answers what it was asked, and has everything sent.
 *
 * @param close - ends what the service started, and returns the ledgers of threads with a Statsd of their own.
 */
export async function serve(
  server: Server,
  close: () => Promise<readonly Stats[]> = async () => [],
): Promise<void> {
  const ending = askedToEnd();
  server.keepAliveTimeout = KEEP_ALIVE;
  server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  if (process.send === undefined) console.log(url);
  else tell({ url });

  await ending;
  server.close();
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS);
  await once(server, 'close');
  clearTimeout(late);
  const threads = await close();
  // The ledger is final only then. Without it, what is pending would leave when the process ends.
  await Statsd.shutdown({ timeout: LAST_FLUSH });
  tell({ ledgers: [Statsd.stats(), ...threads] });
  if (process.connected) process.disconnect();
}

/** Ctrl-C reaches all programs of the demo, of which the demo must end first: so with a channel to it, signals say nothing. */
async function askedToEnd(): Promise<void> {
  const isAlone = process.send === undefined;
  const signalled = ['SIGINT', 'SIGTERM', 'SIGHUP'].map(
    (signal) => new Promise<void>((resolve) => process.on(signal, () => isAlone && resolve())),
  );
  const told = new Promise<void>((resolve) => {
    process.once('message', () => resolve());
    process.once('disconnect', () => resolve());
  });
  await Promise.race([...signalled, told]);
}

function tell(message: ServiceMessage): void {
  if (process.connected) process.send?.(message);
}
