// The same program, before and after. Both send to a StatsD server that reads Datadog's format, at 127.0.0.1:8125:
//
//   node examples/from-hot-shots/dist/src/main.js before
//   AFSTATSD_URL='udp://127.0.0.1:8125?format=dogstatsd' node examples/from-hot-shots/dist/src/main.js after
//
// What differs, and what has no counterpart: docs/migrating.md
import { checkout as after } from './after.js';
import { checkout as before } from './before.js';

async function main(): Promise<void> {
  const [which] = process.argv.slice(2);
  if (which !== 'before' && which !== 'after') throw new Error('say which: before or after');
  await { before, after }[which]();
}

void main();
