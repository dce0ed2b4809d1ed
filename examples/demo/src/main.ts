// npm run demo: a shop that records metrics, another program that reads them, and a comparison of the two.
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Statsd } from '@afstatsd/core';
import { QueueError } from '@afstatsd/mqueue';
import { compareLedger, compareMetrics } from './compare.js';
import { Instruments } from './instruments.js';
import { MemoryReceiver } from './memory-receiver.js';
import { type Options, readArguments, USAGE } from './options.js';
import { QueueReceiver } from './queue-receiver.js';
import type { Receiver } from './receiver.js';
import { exitCode, report } from './report.js';
import { Shop } from './shop.js';

/** Between two flushes, in ms. */
const INTERVAL = 1000;
/** How long the last flush may wait for a slow reader, in ms. */
const LAST_FLUSH = 30_000;

async function startReceiver(): Promise<Receiver> {
  try {
    return await QueueReceiver.start();
  } catch (error) {
    if (!(error instanceof QueueError)) throw error;
    console.log(`There is no message queue to be had here: ${error.message}.`);
    console.log(
      'The demo goes on without one: what is sent stays in this process, and is read from there.\n',
    );
    return new MemoryReceiver();
  }
}

/** Resolves at the end of the time, or when the user asks for the end. */
async function closingTime(duration: number): Promise<void> {
  const asked = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal));
  await Promise.race(duration === Infinity ? asked : [delay(duration), ...asked]);
}

async function run({ duration }: Options): Promise<number> {
  const ending = closingTime(duration);
  const receiver = await startReceiver();
  try {
    Statsd.configure({
      transport: receiver.transport,
      interval: INTERVAL,
      // Every value is sent as it is, even if the reader is stopped for minutes: the comparison is exact.
      maxSamples: Infinity,
      // Whatever AFSTATSD_PREFIX and AFSTATSD_DISABLED say.
      prefix: '',
      enabled: true,
    });
    const until = duration === Infinity ? 'until Ctrl-C' : `for ${duration / 1000} s (Ctrl-C ends it early)`;
    console.log(`A shop is open ${until}.\nIts metrics go to ${receiver.description}.\n`);

    const metrics = new Instruments();
    const shop = new Shop(metrics);
    shop.open();
    await Promise.race([ending, receiver.failed]);
    await shop.close();
    await Statsd.shutdown({ timeout: LAST_FLUSH });
    const arrived = await receiver.finish();
    receiver.close();

    const rows = [
      ...compareMetrics(metrics.tally, arrived.tally),
      ...compareLedger(metrics.samples, Statsd.stats(), arrived),
    ];
    console.log(`\n${report(rows)}`);
    return exitCode(rows);
  } finally {
    receiver.close();
  }
}

async function main(): Promise<void> {
  let options: Options;
  try {
    options = readArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  if (options.help) {
    console.log(USAGE);
    return;
  }
  // Timers and listeners that are left have nothing more to do.
  process.exit(await run(options));
}

main().catch((error: unknown) => {
  console.error('The demo failed:', error);
  process.exit(1);
});
