// node examples/direct/dist/src/main.js: imports a few orders, and records the import by direct calls.
//
// The metrics go to the collector on this machine (npx @afstatsd/collector), or to where AFSTATSD_URL says.
import { Statsd } from '@afstatsd/core';
import { importOrders } from './import-orders.js';

const exportedAt = new Date('2024-03-01T12:00:00Z');
const rows = [
  'anna,49.99,DE,2024-03-01T11:59:58Z',
  'ben,12.50,FR,2024-03-01T11:59:59Z',
  'chloe,twelve,FR,2024-03-01T11:59:59Z',
  'anna,5.00,DE,2024-03-01T11:59:59.500Z',
  'dave,20.00,XX,2024-03-01T11:59:59Z',
];

async function main(): Promise<void> {
  const imported = await importOrders(rows, exportedAt);
  console.log(`${imported} of ${rows.length} orders imported`);

  // Metrics leave at the end of the process by themselves. A job that wants to know whether they did awaits it.
  const { sent, pending } = await Statsd.flush({ timeout: 2000 });
  console.log(`${sent} samples sent, ${pending} pending`);
}

void main();
