// npm run demo: a shop that records metrics, the collector that takes and shows them, and a comparison of the two.
import { setTimeout as delay } from 'node:timers/promises';
import { Statsd } from '@afstatsd/core';
import { Collector } from './collector.js';
import { compareLedger, compareMetrics } from './compare.js';
import { Forwarded } from './forwarded.js';
import { Instruments } from './instruments.js';
import { type Options, readArguments, USAGE } from './options.js';
import { exitCode, report } from './report.js';
import { findRoute } from './route.js';
import { Shop } from './shop.js';

/** Between two flushes, in ms, of the shop and of the collector alike. */
const INTERVAL = 1000;
/** How long the last flush may wait for a slow collector, in ms. */
const LAST_FLUSH = 30_000;

/** Resolves at the end of the time, or when the user asks for the end; asking again changes nothing. */
async function closingTime(duration: number): Promise<void> {
  const asked = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve());
  });
  await Promise.race(duration === Infinity ? [asked] : [asked, delay(duration)]);
}

async function run({ duration }: Options): Promise<number> {
  const ending = closingTime(duration);
  const route = await findRoute();
  let collector: Collector | undefined;
  try {
    const forwarded = await Forwarded.listen();
    const outputs = ['--console', '--forward', forwarded.url];
    collector = await Collector.start([...route.flags, '--interval', `${INTERVAL}ms`, ...outputs]);
    Statsd.configure({
      transport: route.transport,
      interval: INTERVAL,
      // Every value is sent as it is. So does the collector, up to 1024 checkouts an interval: the comparison is exact.
      maxSamples: Infinity,
      // By this the collector knows how complete its numbers are.
      telemetry: true,
      // Whatever AFSTATSD_PREFIX, AFSTATSD_TAGS and AFSTATSD_DISABLED say.
      prefix: '',
      tags: {},
      enabled: true,
    });
    const until = duration === Infinity ? 'until Ctrl-C' : `for ${duration / 1000} s (Ctrl-C ends it early)`;
    console.log(`A shop is open ${until}.`);
    console.log(`Its metrics go to ${route.description}, to the collector, process ${collector.pid}.\n`);

    const metrics = new Instruments();
    const shop = new Shop(metrics);
    shop.open();
    await Promise.race([ending, collector.failed]);
    await shop.close();
    await Promise.race([Statsd.shutdown({ timeout: LAST_FLUSH }), collector.failed]);
    await collector.end();
    const arrived = await forwarded.all();

    const rows = [...compareMetrics(metrics.tally, arrived.tally), ...compareLedger(Statsd.stats(), arrived)];
    console.log(`\n${report(rows)}`);
    return exitCode(rows);
  } finally {
    collector?.kill();
    route.close();
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
