// A worker thread: makes invoices, and records with a Statsd of its own, which sends by the same configuration.
import { scryptSync } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { Statsd } from '@afstatsd/core';

const render = Statsd.createTimer('invoice_render');

parentPort!.on('message', (order: number | 'end') => {
  if (order === 'end') void end();
  else parentPort!.postMessage({ order, ms: renderInvoice(order) });
});

/** Stands for work that would hold up the event loop of a server. Returns how long it took, in ms. */
function renderInvoice(order: number): number {
  const stop = render.start();
  scryptSync(`invoice ${order}`, 'shop', 32, { N: 1024 });
  return stop();
}

/** The thread ends by itself. One that is terminated would lose what it hasn't sent. */
async function end(): Promise<void> {
  await Statsd.shutdown({ timeout: 30_000 });
  parentPort!.postMessage({ stats: Statsd.stats() });
  parentPort!.close();
}
